/** Bytes of a name that a server keeps. */
const NAME_BYTES = 63

/**
 * Schemas in a value of `search_path`, in order, as the server splits it (SplitIdentifierString): quoted names as they are, others in
 * lower case; `$user` is `role`. null for what is no such list.
 */
export function schemasOf(setting: string, role: string): readonly string[] | null {
  const schemas: string[] = []
  let at = spaces(setting, 0)
  if (at === setting.length) return schemas
  for (;;) {
    const name = setting[at] === '"' ? quoted(setting, at) : plain(setting, at)
    if (name === null) return null
    schemas.push(name.text === '$user' ? role : cut(name.text))
    at = spaces(setting, name.end)
    if (at === setting.length) return schemas
    if (setting[at] !== ',') return null
    at = spaces(setting, at + 1)
  }
}

interface Name {
  readonly text: string
  readonly end: number
}

function quoted(setting: string, from: number): Name | null {
  let text = ''
  for (let at = from + 1; at < setting.length; at++) {
    if (setting[at] !== '"') text += setting.charAt(at)
    else if (setting[at + 1] === '"') text += setting.charAt(++at)
    else return { text, end: at + 1 }
  }
  return null
}

function plain(setting: string, from: number): Name | null {
  let end = from
  while (end < setting.length && setting[end] !== ',' && !isSpace(setting, end)) end++
  return end === from ? null : { text: lower(setting.slice(from, end)), end }
}

/** The server folds letters of ASCII; of others it depends on its locale. */
const lower = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())

const isSpace = (text: string, at: number): boolean => /[ \t\n\r\f\v]/.test(text.charAt(at))

function spaces(text: string, from: number): number {
  let at = from
  while (at < text.length && isSpace(text, at)) at++
  return at
}

/** Longer names are cut to whole characters that fit. */
function cut(name: string): string {
  if (Buffer.byteLength(name) <= NAME_BYTES) return name
  return Buffer.from(name)
    .subarray(0, NAME_BYTES)
    .toString('utf8')
    .replace(/\uFFFD+$/, '')
}
