import { refuseStart } from './handshake-refusal'

/** Settings of a session that a client may choose when it connects; names as PostgreSQL folds them. */
const ALLOWED: ReadonlySet<string> = new Set([
  'application_name',
  'bytea_output',
  'client_min_messages',
  'datestyle',
  'default_transaction_deferrable',
  'default_transaction_isolation',
  'default_transaction_read_only',
  'extra_float_digits',
  'geqo',
  'idle_in_transaction_session_timeout',
  'idle_session_timeout',
  'intervalstyle',
  'jit',
  'lock_timeout',
  'search_path',
  'statement_timeout',
  'timezone',
  'transaction_timeout',
])

const VALUE_CHARACTERS = 1_024

/**
 * One setting of the startup packet or of its `options`, checked against the allow-list. `null`: accepted and not passed on.
 * Throws a refusal that names the setting.
 */
export function checkSetting(name: string, value: string): readonly [string, string] | null {
  const folded = name.toLowerCase()
  if (value.length > VALUE_CHARACTERS)
    throw refuseStart('22023', `the value of startup parameter "${name}" is too long`)
  if (folded === 'client_encoding') return ['client_encoding', encoding(value)]
  if (folded === 'standard_conforming_strings' && /^(on|true|yes|1)$/i.test(value)) return null
  if (ALLOWED.has(folded)) return [folded, value]
  throw refuseStart(
    '0A000',
    `startup parameter "${name}" is not allowed through this gateway`,
    'Leave it out of the connection string, or set it with SET once connected.',
  )
}

/** UTF-8 and bytes taken as they are: in any other encoding the gateway could read a statement otherwise than the server does. */
function encoding(value: string): string {
  const plain = value.toLowerCase().replace(/[^a-z0-9]/g, '')
  if (plain === 'utf8' || plain === 'unicode') return 'UTF8'
  if (plain === 'sqlascii') return 'SQL_ASCII'
  throw refuseStart(
    '0A000',
    `client_encoding "${value}" is not supported through this gateway`,
    'Connect with client_encoding UTF8 (with psql: PGCLIENTENCODING=UTF8).',
  )
}

/**
 * The settings in an `options` parameter: `-c name=value`, `-cname=value`, `--name=value`; words are split at spaces, a backslash
 * takes the next character as it is (PostgreSQL's pg_split_opts). Throws a refusal for anything else.
 */
export function readOptions(options: string): (readonly [string, string])[] {
  const found: (readonly [string, string])[] = []
  const words = splitWords(options)
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? ''
    let pair: string | undefined
    if (word === '-c') pair = words[++i]
    else if (word.startsWith('--')) pair = word.slice(2)
    else if (word.startsWith('-c')) pair = word.slice(2)
    const match = pair === undefined ? null : /^([^=]+)=(.*)$/s.exec(pair)
    if (!match) throw refuseStart('0A000', `command-line option "${word}" is not allowed through this gateway`)
    const [, name = '', value = ''] = match
    found.push([name.replaceAll('-', '_'), value])
  }
  return found
}

function splitWords(text: string): string[] {
  const words: string[] = []
  let word: string | null = null
  for (let i = 0; i < text.length; i++) {
    const letter = text.charAt(i)
    if (/[ \t\n\v\f\r]/.test(letter)) {
      if (word !== null) words.push(word)
      word = null
    } else if (letter === '\\') {
      word = (word ?? '') + text.charAt(++i)
    } else word = (word ?? '') + letter
  }
  if (word !== null) words.push(word)
  return words
}
