import { principalOperations } from '../_operations/principals'
import { route } from '../_rest/route'

export const GET = route(principalOperations.self)
