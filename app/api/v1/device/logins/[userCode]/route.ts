import { deviceOperations } from '../../../_operations/device'
import { route } from '../../../_rest/route'

export const GET = route(deviceOperations.read)
