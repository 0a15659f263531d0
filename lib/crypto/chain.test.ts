import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from './canonical'
import { chainStart, type EventRun, linkLine, splitLines, verifyChain } from './chain'

/** A session's lines, from open to close, with `count` events in between. */
function lines(count: number): Buffer[] {
  const events = Array.from({ length: count }, (_, i) => ({
    v: 1,
    at: i,
    seq: i + 1,
    kind: 'operation.intent',
    text: `q${i}`,
  }))
  const all = [
    { v: 1, at: 0, seq: 0, kind: 'session.open' },
    ...events,
    { v: 1, at: 9, seq: count + 1, kind: 'session.close' },
  ]
  return all.map((event) => Buffer.from(canonicalJson(event)))
}

/** The lines as stored, in runs of `size`. */
function runsOf(all: readonly Buffer[], size: number): EventRun[] {
  const runs: EventRun[] = []
  let head: Buffer = chainStart()
  for (let at = 0; at < all.length; at += size) {
    const part = all.slice(at, at + size)
    for (const line of part) head = linkLine(head, line)
    runs.push({ firstSeq: at, lastSeq: at + part.length - 1, data: Buffer.from(part.join('\n')), head })
  }
  return runs
}

/** Verifies what the store holds against what is known of the session from elsewhere. */
function verify(stored: readonly EventRun[], known: readonly Buffer[]) {
  const verifier = verifyChain()
  for (const run of stored) verifier.run(run)
  return verifier.finish({
    lastSeq: known.length - 1,
    head: known.reduce((head, line) => linkLine(head, line), chainStart()),
  })
}

const shape = fc.record({ count: fc.integer({ min: 2, max: 12 }), size: fc.integer({ min: 1, max: 5 }), at: fc.nat() })

describe('the chain of a session', () => {
  it('verifies what was not touched, in runs of any size', () => {
    fc.assert(
      fc.property(shape, ({ count, size }) => {
        const all = lines(count)
        expect(verify(runsOf(all, size), all)).toMatchObject({ ok: true, events: count + 2, closed: true })
      }),
    )
  })

  const tampering: Record<string, (all: Buffer[], at: number) => Buffer[]> = {
    'an edited event': (all, at) =>
      all.map((line, i) => (i === at ? Buffer.from(line.toString().replace('"at":', '"at":1')) : line)),
    'a removed event': (all, at) => all.filter((_, i) => i !== at),
    'an inserted event': (all, at) => [...all.slice(0, at), all[at] ?? Buffer.alloc(0), ...all.slice(at)],
    'two events in another order': (all, at) => {
      const copy = [...all]
      const next = (at + 1) % all.length
      ;[copy[at], copy[next]] = [all[next] ?? Buffer.alloc(0), all[at] ?? Buffer.alloc(0)]
      return copy
    },
    'a missing tail': (all, at) => all.slice(0, Math.max(1, at)),
  }
  for (const [name, tamper] of Object.entries(tampering)) {
    it(`shows ${name}, also when every hash after it was made anew`, () => {
      fc.assert(
        fc.property(shape, ({ count, size, at }) => {
          const all = lines(count)
          const changed = tamper([...all], at % all.length)
          expect(verify(runsOf(changed, size), all).ok).toBe(false)
        }),
      )
    })
    it(`shows ${name} when the hashes were left alone`, () => {
      fc.assert(
        fc.property(shape, ({ count, size, at }) => {
          const all = lines(count)
          const changed = tamper([...all], at % all.length)
          const runs = runsOf(changed, size).map((run, i) => ({ ...run, head: runsOf(all, size)[i]?.head ?? run.head }))
          expect(verify(runs, all).ok).toBe(false)
        }),
      )
    })
  }

  it('refuses a line that says the same in another form', () => {
    const [open = Buffer.alloc(0)] = lines(0)
    const loose = Buffer.from(open.toString().replace('"at":0', '"at": 0'))
    expect(verify(runsOf([loose], 1), [loose])).toMatchObject({ ok: false, fault: 'not-canonical' })
  })

  it('refuses what does not start with the session header and what goes on after the close', () => {
    const [open, close] = lines(0)
    if (open === undefined || close === undefined) throw new Error('no lines')
    const late = Buffer.from(canonicalJson({ v: 1, at: 1, seq: 2, kind: 'operation.intent' }))
    expect(verify(runsOf([open, close, late], 9), [open, close, late])).toMatchObject({ fault: 'goes-on-after-close' })
    const headless = Buffer.from(canonicalJson({ v: 1, at: 1, seq: 0, kind: 'operation.intent' }))
    expect(verify(runsOf([headless], 9), [headless])).toMatchObject({ fault: 'does-not-start-with-open' })
  })

  it('takes a session that is still open', () => {
    const all = lines(3).slice(0, -1)
    expect(verify(runsOf(all, 2), all)).toMatchObject({ ok: true, closed: false })
  })

  it('only ever gives a verdict on arbitrary bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (data) => {
        expect(verify([{ firstSeq: 0, lastSeq: 0, data, head: chainStart() }], lines(0)).ok).toBe(false)
      }),
    )
  })
})

describe('splitLines', () => {
  it('gives back what was joined', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), (texts) => {
        const encoded = texts.map((text) => JSON.stringify(text))
        const split = [...splitLines(Buffer.from(encoded.join('\n')))].map((line) => Buffer.from(line).toString())
        expect(split).toEqual(encoded)
      }),
    )
  })
})
