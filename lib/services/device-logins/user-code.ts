/** No vowels, nothing that looks like something else (RFC 8628, 6.1): 20^8 codes. */
const ALPHABET = 'BCDFGHJKLMNPQRSTVWXZ'
const LENGTH = 8
/** Bytes from here on would make some letters likelier than others. */
const FAIR_BELOW = 256 - (256 % ALPHABET.length)

/** A code to type into a browser, such as `BCDF-GHJK`. */
export function newUserCode(random: (length: number) => Uint8Array): string {
  let code = ''
  while (code.length < LENGTH)
    for (const byte of random(LENGTH * 2)) {
      if (byte < FAIR_BELOW && code.length < LENGTH) code += ALPHABET.charAt(byte % ALPHABET.length)
    }
  return `${code.slice(0, 4)}-${code.slice(4)}`
}

/** What somebody typed, as it was given out: case, spaces and hyphens do not matter. */
export function readUserCode(typed: string): string {
  const letters = typed.toUpperCase().replace(/[^A-Z]/g, '')
  return `${letters.slice(0, 4)}-${letters.slice(4)}`
}
