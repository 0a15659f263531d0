import { tokenOperations } from '../../_operations/access'
import { route } from '../../_rest/route'

export const GET = route(tokenOperations.read)
export const DELETE = route(tokenOperations.revoke)
