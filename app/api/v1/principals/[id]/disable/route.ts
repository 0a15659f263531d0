import { principalOperations } from '../../../_operations/principals'
import { route } from '../../../_rest/route'

export const POST = route(principalOperations.disable)
