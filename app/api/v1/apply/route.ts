import { manifestOperations } from '../_operations/apply'
import { route } from '../_rest/route'

export const POST = route(manifestOperations.apply)
