import { expect, test } from 'vitest'
import type { ReviewId } from '#lib/domain/ids'
import { refusalResponse } from './refusal'

const review = 'rev_1' as ReviewId
const fields = (answer: Buffer) => answer.toString('utf8', 5).split('\0')

test.each([
  [
    { kind: 'denied', policy: 'no-drop', reason: 'No.' },
    '42501',
    '[sallyport:denied] no-drop: No.',
    /ask whoever owns/,
  ],
  [
    { kind: 'denied', policy: 'review', reason: 'Too many.' },
    '42501',
    '[sallyport:denied] review: Too many.',
    /nobody was asked/,
  ],
  [
    { kind: 'pending', review, url: 'http://x/' },
    '42501',
    '[sallyport:pending rev_1] re-send the identical command once it is approved: http://x/',
    /send exactly the same command again/,
  ],
  [{ kind: 'rejected', review, reason: 'Not now.' }, '42501', '[sallyport:rejected rev_1] Not now.', /said no/],
  [{ kind: 'expired', review }, '57014', '[sallyport:expired rev_1]', /ask anew/],
  [{ kind: 'unavailable', reason: 'Away.' }, '57P03', '[sallyport:unavailable] Away.', /Try again later/],
] as const)(
  'what a refused client reads says what happened, where, and what to do next: %j',
  (denial, code, text, hint) => {
    const said = fields(refusalResponse(denial, 'http://gateway/sessions/1'))
    expect(said).toEqual(
      expect.arrayContaining(['SERROR', `C${code}`, `M${text}`, 'DSession: http://gateway/sessions/1']),
    )
    expect(said.find((field) => field.startsWith('H'))).toMatch(hint)
  },
)
