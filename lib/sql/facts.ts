import { createHash } from 'node:crypto'
import { loadModule } from 'libpg-query'
import type { Limits } from '../domain/limits'
import type { SqlFacts } from '../domain/sql-facts'
import { analyse } from './analysis/analyse'
import type { Findings } from './analysis/findings'
import { type Name, printName } from './analysis/names'
import { FactsCache } from './facts-cache'
import { foldNumbers } from './fold'
import { parse } from './parse'
import { Resolution } from './resolve'
import { constantsAreValues, shapeOf } from './shape'
import type { Reading, StatementFacts } from './statement-facts'
import { possiblyTouchedNames, touchedNames } from './touched-names'

/** Facts about a statement text. Pure but for its cache. */
export interface FactsOf {
  (text: string, reading: Reading): StatementFacts
  /** The same for bytes that are no text at all, given as Latin-1. */
  unreadable(bytes: string): StatementFacts
  /** `facts` of `text` where something besides it may run anything. The same object for the same facts and reason. */
  doubted(facts: StatementFacts, text: string, because: string): StatementFacts
}

type FactsLimits = Pick<Limits, 'statementBytes' | 'treeDepth' | 'treeNodes'>

const NOTHING: SqlFacts = {
  standing: 'unparsed',
  readOnly: false,
  kinds: [],
  statements: 0,
  reads: [],
  writes: [],
  columns: [],
  functions: [],
  unknownFunctions: [],
  unfiltered: [],
  objects: [],
  settings: [],
}

/** Canonical JSON of facts: keys in order; their strings are escaped as RFC 8785 wants by JSON.stringify itself. */
function canonical(facts: SqlFacts): string {
  return JSON.stringify(Object.fromEntries(Object.entries(facts).sort(([left], [right]) => (left < right ? -1 : 1))))
}

const digest = (text: string): string => createHash('sha256').update(text).digest('base64url')

type Known = Pick<StatementFacts, 'facts' | 'touches' | 'runs' | 'unknownRelations' | 'unsettles' | 'because'>

/** `text`: any text that has these facts and this shape. */
function complete(known: Known, text: string): StatementFacts {
  const { facts } = known
  const json = canonical(facts)
  let fingerprint: string | null | undefined
  return {
    ...known,
    json,
    key: digest(json),
    effect: facts.readOnly && !facts.kinds.includes('commit') ? 'read' : 'write',
    statements: facts.statements,
    parsed: facts.standing !== 'unparsed',
    get fingerprint() {
      if (fingerprint === undefined) {
        const statements = facts.standing === 'unparsed' ? null : parse(text)
        fingerprint = statements && shapeOf(statements, facts)
      }
      return fingerprint
    },
  }
}

function unparsed(text: string, because: string): StatementFacts {
  const facts = { ...NOTHING, statements: text.split(';', 1_000).length }
  const touches = possiblyTouchedNames(text)
  return complete({ facts, touches, runs: null, unknownRelations: [], unsettles: true, because: [because] }, text)
}

function doubted(known: StatementFacts, text: string, because: string): StatementFacts {
  if (!known.parsed) return known
  const { touches, runs, unknownRelations } = known
  const facts: SqlFacts = { ...known.facts, standing: 'opaque', readOnly: false }
  const all = sorted([...known.because, because])
  return complete({ facts, touches, runs, unknownRelations, unsettles: true, because: all }, text)
}

function beyondAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 127) return true
  return false
}

const sorted = <T extends string>(values: Iterable<T>): T[] => [...new Set(values)].sort()

/** A function as facts name it: the server's own without their schema. */
const printCall = (name: Name): string =>
  name.schema === 'pg_catalog' ? printName({ ...name, schema: null }) : printName(name)

function factsFrom(found: Findings, resolution: Resolution, statements: number): SqlFacts {
  return {
    standing: resolution.because.size === 0 ? 'clear' : 'opaque',
    readOnly: resolution.readOnly,
    kinds: sorted(resolution.kinds),
    statements,
    reads: sorted(found.reads.printed()),
    writes: sorted(found.writes.printed()),
    columns: sorted(found.columns),
    functions: sorted([...found.calls.values()].map(printCall)),
    unknownFunctions: sorted(resolution.unknownFunctions.map(printCall)),
    unfiltered: sorted(found.unfiltered),
    objects: sorted(found.objects),
    settings: sorted(found.settings),
  }
}

function compute(text: string, reading: Reading, limits: FactsLimits): StatementFacts {
  if (text.length > limits.statementBytes) return unparsed(text, 'it is too long')
  const statements = parse(text)
  if (statements === null) return unparsed(text, 'the grammar does not understand it')
  const found = analyse(statements, limits)
  if (found === null) return unparsed(text, 'it is too large or too deep')
  if (reading.strings !== 'standard' && text.includes('\\')) {
    found.opaque.add('a backslash, whose meaning the session has not confirmed')
  }
  if (reading.encoding !== 'utf8' && beyondAscii(text)) {
    found.opaque.add('characters beyond ASCII in an encoding that the session has not confirmed')
  }
  const resolution = new Resolution(found, reading.catalog?.meanings ?? null, 'session')
  const { runsStatements, runsCursors } = found
  const runs = { statements: sorted(runsStatements), cursors: sorted(runsCursors) }
  const known: Known = {
    facts: factsFrom(found, resolution, statements.length),
    touches: touchedNames(statements),
    runs: runsStatements.size + runsCursors.size > 0 ? runs : null,
    unknownRelations: sorted(resolution.unknownRelations.map(printName)),
    unsettles: resolution.unsettles,
    because: sorted(resolution.because),
  }
  return complete(known, text)
}

/**
 * Loads PostgreSQL's own grammar (WASM) and returns what gives facts. One for a process: its cache, least recently used first out and
 * bounded by text, is what makes a hot statement cost about a microsecond.
 */
export async function createFactsOf(limits: FactsLimits): Promise<FactsOf> {
  await loadModule()
  const cache = new FactsCache()
  const doubts = new WeakMap<StatementFacts, Map<string, StatementFacts>>()
  const factsOf = (text: string, reading: Reading): StatementFacts => {
    const folded = foldNumbers(text)
    const hit = cache.find(folded, reading) ?? (folded === text ? undefined : cache.find(text, reading))
    if (hit !== undefined) return hit
    const facts = compute(folded, reading, limits)
    if (folded === text || constantsAreValues(facts.facts)) {
      cache.keep(folded, reading, facts)
      return facts
    }
    // Numbers count towards its shape, so it has a place of its own.
    const own = compute(text, reading, limits)
    cache.keep(text, reading, own)
    return own
  }
  return Object.assign(factsOf, {
    unreadable: (bytes: string) => unparsed(bytes, 'it is no text in the encoding of the session'),
    doubted: (facts: StatementFacts, text: string, because: string) => {
      const known = doubts.get(facts) ?? new Map<string, StatementFacts>()
      const found = known.get(because) ?? doubted(facts, text, because)
      doubts.set(facts, known.set(because, found))
      return found
    },
  })
}
