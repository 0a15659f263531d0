import { tokenOperations } from '../_operations/access'
import { route } from '../_rest/route'

export const GET = route(tokenOperations.list)
export const POST = route(tokenOperations.mint)
