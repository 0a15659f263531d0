import { runOperations } from '../../_operations/access'
import { route } from '../../_rest/route'

export const GET = route(runOperations.read)
