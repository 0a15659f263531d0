import { manifestOperations } from '../_operations/apply'
import { route } from '../_rest/route'

export const GET = route(manifestOperations.export)
