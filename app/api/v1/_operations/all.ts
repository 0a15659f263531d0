import type { Operation } from '../_rest/operation'
import { auditOperations, roleOperations, runOperations, tokenOperations } from './access'
import { manifestOperations } from './apply'
import { connectionOperations } from './connections'
import { deviceOperations } from './device'
import { policyOperations } from './policies'
import { agentOperations, principalOperations } from './principals'
import { grantOperations, notificationOperations, reviewOperations } from './reviews'
import { overviewOperations, sessionOperations } from './sessions'

/** Every operation of the API that is one verb with JSON in and out. */
export const allOperations: readonly Operation[] = [
  connectionOperations,
  principalOperations,
  agentOperations,
  tokenOperations,
  runOperations,
  roleOperations,
  auditOperations,
  sessionOperations,
  reviewOperations,
  grantOperations,
  notificationOperations,
  policyOperations,
  overviewOperations,
  manifestOperations,
  deviceOperations,
].flatMap((group): Operation[] => Object.values(group))
