const WORD = 1
const OTHER = 2

/** What each ASCII character is to the fold: 0 means that a text which has it is left alone. */
const KINDS: Uint8Array = (() => {
  const kinds = new Uint8Array(128)
  for (const c of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_') kinds[c.charCodeAt(0)] = WORD
  for (const c of ' \t\n\r.,=<>()*+;') kinds[c.charCodeAt(0)] = OTHER
  return kinds
})()

/** More digits than this may be a numeric rather than an integer constant, which is another kind of node. */
const MAX_DIGITS = 9
const DOT = 46
const MAX_LENGTH = 4096
/** The one type whose number the grammar itself checks. */
const FLOAT = /float/i

/**
 * Replaces unquoted whole numbers by `0`, so that texts which differ only in them share a cache entry. Returns the text itself when
 * it has any character but words, spaces and `. , = < > ( ) * + ;`: without quotes, dollars, backslashes, slashes and hyphens
 * there is no string, parameter, comment or operator whose meaning a digit could change.
 */
export function foldNumbers(text: string): string {
  const length = text.length
  if (length > MAX_LENGTH) return text
  let folded = ''
  let copied = 0
  let wordAt = -1
  let digitsOnly = false
  let float = false
  for (let at = 0; at <= length; at++) {
    const code = at < length ? text.charCodeAt(at) : 32
    const kind = code < 128 ? KINDS[code] : 0
    if (kind === 0) return text
    if (kind === WORD) {
      const digit = code >= 48 && code <= 57
      if (wordAt < 0) {
        wordAt = at
        digitsOnly = digit
      } else if (!digit) {
        digitsOnly = false
        // An `l` behind an `f`, whichever case: what rules nearly every text out.
        float ||= (code | 32) === 108 && (text.charCodeAt(at - 1) | 32) === 102
      }
    } else if (wordAt >= 0) {
      const whole = digitsOnly && at - wordAt <= MAX_DIGITS && code !== DOT && text.charCodeAt(wordAt - 1) !== DOT
      if (whole) {
        folded += `${text.slice(copied, wordAt)}0`
        copied = at
      }
      wordAt = -1
    }
  }
  return copied === 0 || (float && FLOAT.test(text)) ? text : folded + text.slice(copied)
}
