import { notificationOperations } from '../_operations/reviews'
import { route } from '../_rest/route'

export const GET = route(notificationOperations.read)
