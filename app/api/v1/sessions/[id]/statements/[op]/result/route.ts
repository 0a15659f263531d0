import { sessionOperations } from '../../../../../_operations/sessions'
import { route } from '../../../../../_rest/route'

export const GET = route(sessionOperations.result)
