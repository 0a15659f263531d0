import type { IconName } from '#ui/icon'
import { Chip, type StateKind } from '#ui/state'
import type { OutlinedStatement } from './policy-outline'

const WORDS = {
  permit: { kind: 'allowed', icon: 'check', word: 'Permits' },
  forbid: { kind: 'denied', icon: 'denied', word: 'Refuses' },
  hold: { kind: 'held', icon: 'held', word: 'Holds' },
} as const satisfies Record<OutlinedStatement['effect'], { kind: StateKind; icon: IconName; word: string }>

/** What a statement of policy does. */
export function Effect({ effect, count }: { effect: OutlinedStatement['effect']; count?: number }) {
  const { kind, icon, word } = WORDS[effect]
  return (
    <Chip kind={kind} icon={icon}>
      {word}
      {count === undefined || count === 1 ? '' : ` ×${count}`}
    </Chip>
  )
}
