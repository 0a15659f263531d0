import { reviewOperations } from '../../_operations/reviews'
import { route } from '../../_rest/route'

export const GET = route(reviewOperations.read)
