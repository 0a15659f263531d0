import { isUtf8 } from 'node:buffer'
import type { Claim } from '#proxy/core/ports'
import { PROTOCOL_3 } from './handshake-messages'
import { checkSetting, readOptions } from './handshake-options'
import { printable, refuseStart } from './handshake-refusal'

/** What a client's startup packet asks for, checked. */
export interface Startup {
  readonly claim: Omit<Claim, 'token'>
  /** Passed on to the target with its startup packet, by folded name. */
  readonly settings: ReadonlyMap<string, string>
  /** It asked for more than protocol 3.0, or for options: it must be told what it gets. */
  readonly negotiate: boolean
  /** `_pq_.` options it asked for; none is known here. */
  readonly unknownOptions: readonly string[]
}

const NAME_BYTES = 63

/** Reads a startup packet's version and body. Throws StartRefusal, naming what is not allowed. */
export function readStartup(version: number, body: Buffer): Startup {
  if (version >>> 16 !== 3)
    throw refuseStart('0A000', `frontend protocol ${version >>> 16}.${version & 0xffff} is not supported: use 3.0`)
  const pairs = readPairs(body)
  refuseReplication(pairs.get('replication'))
  const user = pairs.get('user') ?? ''
  const unknownOptions = [...pairs.keys()].filter((name) => name.startsWith('_pq_.'))
  const settings = readSettings(pairs)
  return {
    claim: { ...readTarget(pairs.get('database') ?? user), application: applicationOf(settings) },
    settings,
    negotiate: version > PROTOCOL_3 || unknownOptions.length > 0,
    unknownOptions,
  }
}

function readPairs(body: Buffer): Map<string, string> {
  const pairs = new Map<string, string>()
  if (!isUtf8(body)) throw refuseStart('22021', 'the startup packet is not valid UTF-8')
  let at = 0
  for (;;) {
    const nameEnd = body.indexOf(0, at)
    if (nameEnd === at && at === body.length - 1) return pairs
    const valueEnd = nameEnd <= at ? -1 : body.indexOf(0, nameEnd + 1)
    if (valueEnd < 0) throw refuseStart('08P01', 'the startup packet is malformed')
    const name = body.toString('utf8', at, nameEnd)
    if (pairs.has(name)) throw refuseStart('08P01', `startup parameter "${name}" is given twice`)
    pairs.set(name, body.toString('utf8', nameEnd + 1, valueEnd))
    at = valueEnd + 1
  }
}

/** A parameter of its own wins over the same setting in `options`, as in the server. */
function readSettings(pairs: ReadonlyMap<string, string>): Map<string, string> {
  const settings = new Map<string, string>()
  const own = [...pairs].filter(([name]) => !NOT_SETTINGS.has(name) && !name.startsWith('_pq_.'))
  for (const [name, value] of [...readOptions(pairs.get('options') ?? ''), ...own]) {
    const setting = checkSetting(name, value)
    if (setting) settings.set(...setting)
  }
  if (!settings.has('client_encoding')) settings.set('client_encoding', 'UTF8')
  return settings
}

const NOT_SETTINGS: ReadonlySet<string> = new Set(['user', 'database', 'options', 'replication'])

function refuseReplication(value: string | undefined): void {
  if (value === undefined || /^(false|off|no|0)$/i.test(value)) return
  throw refuseStart('0A000', 'replication connections are not supported through this gateway')
}

/** `CONNECTION` or `CONNECTION/DATABASE`. */
function readTarget(text: string): { connection: string; database: string | null } {
  const slash = text.indexOf('/')
  const connection = slash < 0 ? text : text.slice(0, slash)
  const database = slash < 0 ? null : text.slice(slash + 1)
  if (connection === '')
    throw refuseStart(
      '3D000',
      'no connection is named',
      'Give the name of a connection as database: dbname=CONNECTION.',
    )
  if (database !== null && (database === '' || Buffer.byteLength(database) > NAME_BYTES))
    throw refuseStart('3D000', 'the database after the slash must have 1 to 63 bytes: dbname=CONNECTION/DATABASE')
  return { connection, database }
}

function applicationOf(settings: ReadonlyMap<string, string>): string {
  return printable(settings.get('application_name') ?? '').slice(0, NAME_BYTES)
}
