import type { Database } from '#lib/db/client'
import type { Clock } from '#lib/domain/clock'
import { type Connection, TEST_STEPS, type TestStep, type TestStepName } from '#lib/domain/connection'
import { SallyportError } from '#lib/domain/errors'
import type { WorkerId } from '#lib/domain/ids'
import { type ClaimedTest, claimTest, writeTest } from '#lib/services/gateway/connection-tests'
import { readConnection } from '#lib/services/gateway/find-connection'
import type { Log } from '../core/log'
import type { ConnectionPort } from '../core/ports'
import type { Protocol } from '../core/protocol'
import { reachForTest } from '../core/reach'
import type { Dial } from '../core/session-ports'

/** A target that answers nothing must not keep a test running for ever. */
const TEST_MS = 45_000
const AT_ONCE = 4

export interface TestParts {
  readonly db: Database
  readonly connections: ConnectionPort
  readonly dial: Dial
  readonly clock: Clock
  readonly worker: WorkerId
  readonly log: Log
  protocol(name: Connection['protocol']): Protocol
}

/** Runs the connection tests that admins ask for: the same dial and the same handshake as a session's, without a session. */
export class ConnectionTests {
  readonly #parts: TestParts
  readonly #running = new Set<Promise<void>>()
  #claiming: Promise<void> | null = null
  #again = false

  constructor(parts: TestParts) {
    this.#parts = parts
  }

  /** Starts the tests that wait, a few at a time. Resolves once all are claimed that can be; never rejects. */
  runWaiting(): Promise<void> {
    this.#again = true
    this.#claiming ??= this.#claimAll().finally(() => {
      this.#claiming = null
    })
    return this.#claiming
  }

  /** Resolves when none is under way. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running)
  }

  async #claimAll(): Promise<void> {
    while (this.#again) {
      this.#again = false
      try {
        while (this.#running.size < AT_ONCE) {
          const test = await this.#claim()
          if (!test) break
          this.#start(test)
        }
      } catch (error) {
        this.#parts.log.warn({ error }, 'connection tests could not be claimed')
      }
    }
  }

  #start(test: ClaimedTest): void {
    const run = this.#run(test).finally(() => {
      this.#running.delete(run)
      void this.runWaiting()
    })
    this.#running.add(run)
  }

  #claim(): Promise<ClaimedTest | null> {
    return claimTest(this.#parts.db, this.#parts.worker)
  }

  async #run(test: ClaimedTest): Promise<void> {
    const steps = new StepLog(this.#parts, test)
    try {
      const connection = await readConnection(this.#parts.db, test.connectionId)
      await steps.finish(connection ? await this.#reach(connection, steps) : steps.fail('the connection is gone'))
    } catch (error) {
      this.#parts.log.warn({ error, test: test.id }, 'a connection test could not be run')
      await steps.finish(steps.fail('the gateway could not reach its store'))
    }
  }

  async #reach(connection: Connection, steps: StepLog): Promise<boolean> {
    const reach = reachForTest(this.#parts.connections, connection)
    const timeout = AbortSignal.timeout(TEST_MS)
    try {
      const { upstream, writer } = await this.#parts.dial(reach, timeout, (...step) => steps.step(...step))
      const stop = () => upstream.destroy()
      timeout.addEventListener('abort', stop)
      try {
        const send = (bytes: Uint8Array) => void writer.write(bytes)
        const probed = this.#parts.protocol(connection.protocol).probe(reach, upstream, send, steps)
        return await Promise.race([probed, aborted(timeout)])
      } finally {
        timeout.removeEventListener('abort', stop)
        upstream.destroy()
      }
    } catch (error) {
      if (!(error instanceof SallyportError)) this.#parts.log.error({ error }, 'a connection test failed unexpectedly')
      return steps.fail(error instanceof SallyportError ? error.message : 'the gateway failed; its log has the details')
    }
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new SallyportError('target_unreachable', 'the target took too long')))
  })
}

/** The steps of one test as they happen, written to the store in order. */
class StepLog {
  readonly #parts: TestParts
  readonly #test: ClaimedTest
  readonly #steps = new Map<TestStepName, TestStep>(
    TEST_STEPS.map((name) => [name, { name, state: 'waiting', detail: '', durationMs: null }]),
  )
  readonly #startedMs = new Map<TestStepName, number>()
  #written: Promise<void> = Promise.resolve()

  constructor(parts: TestParts, test: ClaimedTest) {
    this.#parts = parts
    this.#test = test
  }

  step(name: TestStepName, state: TestStep['state'], detail: string): void {
    const now = this.#parts.clock.monotonicMs()
    if (state === 'running') this.#startedMs.set(name, now)
    const startedMs = this.#startedMs.get(name)
    const over = state === 'passed' || state === 'failed'
    const durationMs = over && startedMs !== undefined ? Math.round((now - startedMs) * 10) / 10 : null
    this.#steps.set(name, { name, state, detail, durationMs })
    this.#write('running')
  }

  /** Fails the step that is under way, or the first that was still to come. Always false. */
  fail(detail: string): false {
    const steps = [...this.#steps.values()]
    if (steps.some(({ state }) => state === 'failed')) return false
    const next = steps.find(({ state }) => state === 'running') ?? steps.find(({ state }) => state === 'waiting')
    if (next) this.step(next.name, 'failed', detail)
    return false
  }

  /** What did not come to pass is skipped; a test passes only when no step failed. */
  async finish(passed: boolean): Promise<void> {
    for (const step of this.#steps.values())
      if (step.state === 'waiting' || step.state === 'running')
        this.#steps.set(step.name, { ...step, state: 'skipped' })
    const clean = [...this.#steps.values()].every(({ state }) => state !== 'failed')
    this.#write(passed && clean ? 'passed' : 'failed')
    await this.#written
  }

  #write(state: 'running' | 'passed' | 'failed'): void {
    const { db, worker, log } = this.#parts
    const steps = [...this.#steps.values()]
    this.#written = this.#written
      .then(() => writeTest(db, worker, { id: this.#test.id, state, steps }))
      .catch((error) => log.warn({ error, test: this.#test.id }, 'the steps of a connection test could not be written'))
  }
}
