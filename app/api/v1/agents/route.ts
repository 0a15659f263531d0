import { agentOperations } from '../_operations/principals'
import { route } from '../_rest/route'

export const GET = route(agentOperations.list)
export const POST = route(agentOperations.create)
