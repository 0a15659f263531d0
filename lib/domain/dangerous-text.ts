/** Why a character must not simply be shown to whoever decides about a text. */
export type Danger =
  /** Moves the cursor, ends a line or a comment where no line seems to end. */
  | 'control'
  /** Turns the reading direction. */
  | 'bidi'
  /** Takes no room, or looks like a plain space. */
  | 'invisible'
  /** A letter of another script inside a word, or a word that looks like a Latin one. */
  | 'mixed-script'
  /** Taken for a sign of SQL that it is not: a quote that closes nothing, a dash that begins no comment; or drawn through a letter. */
  | 'look-alike'

export interface DangerousCharacter {
  /** Index in the text, in UTF-16 units. */
  readonly at: number
  /** Line from 1; byte of UTF-8 from 0. */
  readonly line: number
  readonly byte: number
  /** `U+200B`. */
  readonly code: string
  readonly danger: Danger
}

const BIDI = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u
const INVISIBLE = /(?! )[\p{Cf}\p{Zs}\p{Default_Ignorable_Code_Point}\u2800]/u
/** Also what has no meaning yet, or one of its own in every font. */
const CONTROL = /(?![\t\n])[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}]/u
const WORD = /[\p{L}\p{M}\p{N}_]+/gu
/** Scripts with letters that pass for Latin ones. */
const FOREIGN =
  /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}\p{Script=Coptic}\p{Script=Lisu}]/u
const LATIN = /\p{Script=Latin}/u
/** Wide, mathematical and circled forms of ASCII: letters to the eye, other characters to a parser. */
const STYLED = /[\uff01-\uff5e\u{1d400}-\u{1d7ff}\u24b6-\u24e9\u2100-\u214f]/u
/** Words of nothing but these read as Latin words. */
const LOOKALIKES = /^[аеорсухѕіјһԁԛԝкмтвнАВЕКМНОРСТУХЅІЈԌΑΒΕΖΗΙΚΜΝΟΡΤΥΧονυκιρχα0-9_]+$/u
/** Quotes, dashes, slashes, stars, points, commas and colons that are not those of ASCII; marks that strike a letter through. */
const SIGNS =
  /[\u2018-\u201f\u2032\u2033\u02b9\u02ba\u02bc\u02c8\u05f3\u05f4\u2010-\u2015\u2212\u02d7\u2044\u2215\u29f8\u2217\u204e\u066d\u066b\u06d4\u2236\ua789\u037e\ufe54\ufe55\ufe63]|[\u0334-\u0338]|[\u20d2\u20d3\u20e5\u20e6]/u

/** Every character of `text` that could make it read as something other than what it is, in order. */
export function findDangerous(text: string): DangerousCharacter[] {
  const foreign = foreignLetters(text)
  const found: DangerousCharacter[] = []
  let at = 0
  let line = 1
  let byte = 0
  for (const character of text) {
    const danger = foreign.has(at) ? 'mixed-script' : dangerOf(character, text[at + 1])
    if (danger !== null) found.push({ at, line, byte, code: codeOf(character), danger })
    if (character === '\n') line += 1
    at += character.length
    byte += utf8Bytes(character.codePointAt(0) ?? 0)
  }
  return found
}

/** The text with every dangerous character spelled out as `\u{200b}`. */
export function escapeDangerous(text: string): string {
  let escaped = ''
  let from = 0
  for (const { at, code } of findDangerous(text)) {
    const point = Number.parseInt(code.slice(2), 16)
    escaped += `${text.slice(from, at)}\\u{${point.toString(16)}}`
    from = at + (point > 0xffff ? 2 : 1)
  }
  return escaped + text.slice(from)
}

function dangerOf(character: string, next: string | undefined): Danger | null {
  if (character < '\u007f' && character >= ' ') return null
  // A carriage return before a line end is a line end; alone it ends a comment and shows nothing.
  if (character === '\r' && next === '\n') return null
  if (BIDI.test(character)) return 'bidi'
  if (CONTROL.test(character)) return 'control'
  if (INVISIBLE.test(character)) return 'invisible'
  if (SIGNS.test(character)) return 'look-alike'
  return STYLED.test(character) ? 'mixed-script' : null
}

/** Indices of letters that do not belong to the script of their word, or whose whole word passes for a Latin one. */
function foreignLetters(text: string): ReadonlySet<number> {
  const found = new Set<number>()
  for (const { 0: word, index } of text.matchAll(WORD)) {
    if (!FOREIGN.test(word) || !(LATIN.test(word) || LOOKALIKES.test(word))) continue
    let at = index
    for (const character of word) {
      if (FOREIGN.test(character)) found.add(at)
      at += character.length
    }
  }
  return found
}

function codeOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
}

/** Half of a character counts as the replacement character that stands for it. */
function utf8Bytes(point: number): number {
  if (point < 0x80) return 1
  if (point < 0x800) return 2
  return point < 0x10000 ? 3 : 4
}
