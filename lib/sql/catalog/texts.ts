import { LIMITS } from '../../domain/limits'
import { analyse } from '../analysis/analyse'
import type { Doubts, NameScope } from '../catalog'
import { parse } from '../parse'
import { Resolution } from '../resolve'
import type { Links } from './links'

/** Characters of definitions that are looked at for one snapshot: they come from the target. */
const MOST_TEXT = 8 * 1024 * 1024

const NONE: Doubts = []

type Allowed = 'reading' | 'computing'

/** Judges definitions, conditions and bodies by their own text; what they name is added to the links. */
export class Texts {
  #characters = 0

  /** As the target prints what it stores as a tree; null: it did not. */
  stored(text: string | null, links: Links): Doubts {
    return text === null ? ['cannot be read'] : this.#readsOnly(text, 'stored', 'reading', links)
  }

  condition(text: string, links: Links): Doubts {
    return this.stored(`SELECT WHERE ${text}`, links)
  }

  /** A check of a domain, as `pg_get_constraintdef` prints it. */
  check(text: string | null, links: Links): Doubts {
    const condition = /^CHECK ([\s\S]*?)( NOT VALID)?$/.exec(text ?? '')
    return condition?.[1] ? this.condition(condition[1], links) : ['has a check that cannot be read']
  }

  /**
   * A body that is stored as a tree is printed; any other is read again at each call, by the settings of the session. One that reads
   * relations may change nothing, and yet reads what no policy sees.
   */
  body(source: string, allowed: Allowed, links: Links): Doubts {
    const expression = /^RETURN\s([\s\S]*)$/.exec(source)
    if (expression) return this.#readsOnly(`SELECT ${expression[1]}`, 'stored', allowed, links)
    const block = /^BEGIN ATOMIC\s([\s\S]*)\sEND$/.exec(source)
    if (block) return this.#readsOnly(block[1] ?? '', 'stored', allowed, links)
    return source.includes('\\') ? ['has a backslash'] : this.#readsOnly(source, 'session', allowed, links)
  }

  #readsOnly(text: string, scope: NameScope, allowed: Allowed, links: Links): Doubts {
    this.#characters += text.length
    if (text.length > LIMITS.statementBytes || this.#characters > MOST_TEXT) return ['is more than is looked at']
    const statements = parse(text)
    const found = statements && analyse(statements, LIMITS)
    if (!found) return ['is not understood']
    if (allowed === 'computing' && found.reads.size > 0) return ['reads relations']
    const { because, readOnly } = new Resolution(found, links, scope)
    // What is set decides what names and policies mean, and whoever calls this does not see it.
    if (found.settings.size > 0) return ['sets something']
    if (readOnly) return NONE
    return because.size > 0 ? [...because] : ['changes something']
  }
}
