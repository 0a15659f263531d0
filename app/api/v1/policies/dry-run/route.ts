import { policyOperations } from '../../_operations/policies'
import { route } from '../../_rest/route'

export const POST = route(policyOperations.dryRun)
