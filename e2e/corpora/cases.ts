import { readFileSync } from 'node:fs'

export interface Attack {
  readonly id: string
  readonly technique: string
  /** What stops it. */
  readonly blockedBy: 'starter' | 'read-only' | 'handshake'
  readonly startup?: { readonly options?: string; readonly replication?: string }
  /** What it runs before the statement that counts. */
  readonly before?: readonly string[]
  readonly blocked: string
}

const read = (file: string): string => readFileSync(new URL(file, import.meta.url), 'utf8')
const cases = <Case>(file: string): readonly Case[] =>
  read(file)
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Case)

/** SQL that makes the database which the cases speak about. */
export const SETUP = read('postgres-setup.sql')
export const HONEST = cases<{ readonly id: string; readonly sql: string }>('postgres-benign.jsonl')
export const ATTACKS = cases<Attack>('postgres-blocking.jsonl')
