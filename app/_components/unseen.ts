/** A stretch of text; or one character that cannot be seen, spelled out. `at` is its index in the text. */
export type Piece =
  | { readonly at: number; readonly code: null; readonly text: string }
  | { readonly at: number; readonly code: string; readonly name: string }

/**
 * What changes a text without showing: controls (but tab and line end), format and bidirectional characters, joiners, variation
 * selectors, tags, unpaired surrogates, separators, and every space but the plain one.
 */
const UNSEEN = /(?![ \t\n])[\p{Cc}\p{Cf}\p{Cs}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/u

const NAMES: Readonly<Record<string, string>> = {
  '00A0': 'no-break space',
  '00AD': 'soft hyphen',
  '061C': 'Arabic letter mark',
  '200B': 'zero width space',
  '200C': 'zero width non-joiner',
  '200D': 'zero width joiner',
  '200E': 'left-to-right mark',
  '200F': 'right-to-left mark',
  '202A': 'left-to-right embedding',
  '202B': 'right-to-left embedding',
  '202C': 'pop directional formatting',
  '202D': 'left-to-right override',
  '202E': 'right-to-left override',
  '2028': 'line separator',
  '2029': 'paragraph separator',
  '2060': 'word joiner',
  '2066': 'left-to-right isolate',
  '2067': 'right-to-left isolate',
  '2068': 'first strong isolate',
  '2069': 'pop directional isolate',
  '3164': 'Hangul filler',
  FEFF: 'byte order mark',
  '000D': 'carriage return',
  '001B': 'escape',
  '0000': 'NUL',
}

/** Splits `text` into stretches that show as they are and characters that must be spelled out (`U+200B`). */
export function splitUnseen(text: string): readonly Piece[] {
  const pieces: Piece[] = []
  let from = 0
  let at = 0
  for (const character of text) {
    if (UNSEEN.test(character)) {
      if (at > from) pieces.push({ at: from, code: null, text: text.slice(from, at) })
      const hex = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
      pieces.push({ at, code: `U+${hex}`, name: NAMES[hex] ?? 'a character that does not show' })
      from = at + character.length
    }
    at += character.length
  }
  if (from < text.length) pieces.push({ at: from, code: null, text: text.slice(from) })
  return pieces
}

/** How many characters of `text` cannot be seen. */
export function countUnseen(text: string): number {
  return splitUnseen(text).reduce((sum, piece) => sum + (piece.code === null ? 0 : 1), 0)
}
