import { agentOperations } from '../../_operations/principals'
import { route } from '../../_rest/route'

export const PATCH = route(agentOperations.update)
