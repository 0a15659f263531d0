import { connectionOperations } from '../../_operations/connections'
import { route } from '../../_rest/route'

export const GET = route(connectionOperations.read)
export const PUT = route(connectionOperations.update)
export const DELETE = route(connectionOperations.delete)
