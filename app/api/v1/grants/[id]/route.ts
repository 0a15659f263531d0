import { grantOperations } from '../../_operations/reviews'
import { route } from '../../_rest/route'

export const DELETE = route(grantOperations.revoke)
