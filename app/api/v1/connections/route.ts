import { connectionOperations } from '../_operations/connections'
import { route } from '../_rest/route'

export const GET = route(connectionOperations.list)
export const POST = route(connectionOperations.create)
