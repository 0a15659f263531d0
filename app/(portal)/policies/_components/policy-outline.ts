import { cedarTokens } from './cedar-tokens'

/** A statement of a document, as far as a reader wants to know before they read it. */
export interface OutlinedStatement {
  /** Its `@id`, or the document's name (`name.2` for the second). */
  readonly id: string
  readonly effect: 'permit' | 'forbid' | 'hold'
  /** Line of its effect, from 1. */
  readonly line: number
  readonly reason: string | null
  /** Of one that holds: who must approve, and how many of them. */
  readonly hold: { readonly group: string; readonly quorum: number } | null
  readonly alert: string | null
}

interface Word {
  readonly kind: string
  readonly text: string
  readonly line: number
}

/** What the statements of a text do, by their effects and annotations. Of a text that is not Cedar: as much as there is. */
export function policyOutline(name: string, text: string): readonly OutlinedStatement[] {
  const words = wordsOf(text)
  const statements: OutlinedStatement[] = []
  let annotations = new Map<string, string>()
  let depth = 0
  for (const [index, word] of words.entries()) {
    if (word.text === '(' || word.text === '{') depth += 1
    if (word.text === ')' || word.text === '}') depth -= 1
    if (depth > 0) continue
    if (word.kind === 'annotation') {
      const value = words[index + 1]?.text === '(' ? words[index + 2] : undefined
      annotations.set(word.text.slice(1), value?.kind === 'string' ? unquoted(value.text) : '')
    } else if (word.kind === 'effect') {
      const number = statements.length + 1
      statements.push(outlined(word, annotations, number === 1 ? name : `${name}.${number}`))
      annotations = new Map()
    }
  }
  return statements
}

function outlined(
  { text, line }: Word,
  annotations: ReadonlyMap<string, string>,
  fallbackId: string,
): OutlinedStatement {
  const group = annotations.get('hold')
  const holds = text === 'forbid' && group !== undefined
  return {
    id: annotations.get('id') ?? fallbackId,
    effect: holds ? 'hold' : text === 'permit' ? 'permit' : 'forbid',
    line,
    reason: annotations.get('reason') ?? null,
    hold: holds ? { group, quorum: Math.max(1, Number(annotations.get('quorum') ?? 1) || 1) } : null,
    alert: annotations.get('alert') ?? null,
  }
}

function wordsOf(text: string): readonly Word[] {
  return text.split('\n').flatMap((line, index) =>
    cedarTokens(line)
      .filter(({ kind, from, to }) => kind !== 'comment' && line.slice(from, to).trim() !== '')
      .map(({ kind, from, to }) => ({ kind, text: line.slice(from, to), line: index + 1 })),
  )
}

function unquoted(text: string): string {
  return text.slice(1, text.endsWith('"') && text.length > 1 ? -1 : undefined).replace(/\\(.)/g, '$1')
}
