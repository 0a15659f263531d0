import type { Name } from './analysis/names'

/** Why something is not known to be harmless, in words; none: it is. */
export type Doubts = readonly string[]

/**
 * Where a name stands. `session`: in a text, where the search path decides and may be anything. `stored`: in a definition as the target
 * prints it, where a name without a schema is the server's own.
 */
export type NameScope = 'session' | 'stored'

/** What names that are not the server's own stand for; `null` where nothing of that name exists. */
export interface Meanings {
  relation(name: Name, scope: NameScope): Doubts | null
  /** Also a type of that name, which a call may convert to. */
  call(name: Name, scope: NameScope): Doubts | null
  /** Calls of that name with one argument. */
  callOfOne(name: string): Doubts
  operator(name: Name, scope: NameScope): Doubts | null
  type(name: Name, scope: NameScope): Doubts | null
  /** The query of a materialized view. */
  definition(name: Name, scope: NameScope): Doubts | null
  /** What anything may run, whatever it names. */
  readonly everywhere: Doubts
  /** Whether calling something of that name may change what names mean, or what the session has set. */
  callUnsettles(name: Name, scope: NameScope): boolean
  /** The same of writing there, by triggers and what else runs then. */
  writingUnsettles(name: Name, scope: NameScope): boolean
  /** Making, altering and dropping objects runs code. */
  readonly eventTriggers: boolean
}

/**
 * What names mean in one database at one time, for as far as that decides whether a statement changes anything. Names that are not
 * in it have the meaning of the server as it is installed.
 */
export interface Catalog {
  /** Equal versions mean equal contents. */
  readonly version: string
  /** Characters it was read from: about a sixth of the bytes that it keeps. */
  readonly size: number
  readonly meanings: Meanings
  /** Schemas that have a relation of this name; empty when none is known. */
  schemasOf(relation: string): readonly string[]
}

const nothing = () => null
const none = () => []

const PLAIN: Meanings = {
  relation: none,
  call: nothing,
  callOfOne: none,
  operator: nothing,
  type: nothing,
  definition: nothing,
  everywhere: [],
  callUnsettles: () => false,
  writingUnsettles: () => false,
  eventTriggers: false,
}

/** A server as it is installed, in which every relation that is not its own is a plain table. */
export function asInstalled(version: string): Catalog {
  return { version, size: 0, meanings: PLAIN, schemasOf: none }
}
