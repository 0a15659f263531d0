import { policyOperations } from '../../_operations/policies'
import { route } from '../../_rest/route'

export const GET = route(policyOperations.read)
export const PUT = route(policyOperations.save)
export const DELETE = route(policyOperations.delete)
