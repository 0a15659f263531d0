import { deviceOperations } from '../../../../_operations/device'
import { route } from '../../../../_rest/route'

export const POST = route(deviceOperations.approve)
