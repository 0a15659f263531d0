import { roleOperations } from '../../_operations/access'
import { route } from '../../_rest/route'

export const PUT = route(roleOperations.set)
