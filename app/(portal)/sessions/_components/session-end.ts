import type { EndReason } from '#lib/domain/event'
import type { IconName } from '#ui/icon'
import type { StateKind } from '#ui/state'

export interface EndWords {
  readonly kind: StateKind
  readonly icon: IconName
  readonly word: string
}

const plain = (word: string, icon: IconName = 'stop'): EndWords => ({ kind: 'plain', icon, word })
const held = (word: string): EndWords => ({ kind: 'held', icon: 'stop', word })
const bad = (word: string, icon: IconName = 'x'): EndWords => ({ kind: 'denied', icon, word })

const WORDS: Readonly<Record<EndReason, EndWords>> = {
  'client-closed': plain('Ended', 'check'),
  'client-lost': plain('Client lost'),
  'target-closed': plain('Target closed'),
  'target-unreachable': bad('Target not reached'),
  'protocol-violation': bad('Protocol broken'),
  'ended-by-person': held('Ended by hand'),
  'access-revoked': held('Access revoked'),
  idle: plain('Idle too long', 'clock'),
  'too-long': plain('Open too long', 'clock'),
  'gateway-stopped': plain('Gateway stopped'),
  'gateway-crashed': bad('Gateway crashed', 'alert'),
  'recording-unavailable': bad('Could not record', 'alert'),
  'limit-exceeded': bad('Limit exceeded'),
  refused: bad('Refused', 'denied'),
  error: bad('Error'),
}

/** How an ended session is named in a list. */
export function endWords(reason: EndReason | null): EndWords {
  return reason === null ? plain('Ended') : WORDS[reason]
}
