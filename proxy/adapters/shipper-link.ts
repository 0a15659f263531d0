import type { Sql } from 'postgres'
import { connect } from '#lib/db/client'
import { within } from './within'

/** A store that says nothing for this long is away. */
const ANSWER_MS = 20_000
/** A connection that takes longer does not come; the driver itself would try for ever. */
const CONNECT_MS = 3_000
const PING_MS = 5_000
const FIRST_RETRY_MS = 100
const LONGEST_RETRY_MS = 5_000

/** The store cannot be reached, or does not work. It has been reported; trying again later is all there is to do. */
export class StoreAway extends Error {
  override readonly name = 'StoreAway'
}

/** Errors of the data, not of the store: trying the same again cannot help (classes "data exception", "integrity"). */
function isDataError(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return (
    /^(22|23)/.test(code) || error instanceof SyntaxError || error instanceof RangeError || error instanceof TypeError
  )
}

/** The thread's one connection to the store: notices when it is gone, and keeps coming back. */
export class StoreLink {
  readonly #url: string
  readonly #changed: (up: boolean, error: unknown) => void
  #sql: Sql | null = null
  #up = false
  #told = false
  #retryMs = FIRST_RETRY_MS

  /** `changed` is told what the first attempt came to, and whenever that changes. */
  constructor(url: string, changed: (up: boolean, error: unknown) => void) {
    this.#url = url
    this.#changed = changed
  }

  get up(): boolean {
    return this.#up
  }

  /** How long to wait after a failure before the next attempt, or when there is nothing to do before the next `ping`. */
  get pauseMs(): number {
    return this.#up ? PING_MS : this.#retryMs
  }

  /**
   * Runs `work`, which must be safe to repeat. An error drops the connection; unless it is about the data, a store that was there is
   * asked once more on a new one before it counts as away.
   */
  async run<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    const attempts = this.#up ? 2 : 1
    for (let attempt = 1; ; attempt++) {
      try {
        const result = await this.#attempt(work)
        this.#retryMs = FIRST_RETRY_MS
        this.#set(true, null)
        return result
      } catch (error) {
        if (isDataError(error)) throw error
        if (attempt < attempts) continue
        this.#retryMs = Math.min(this.#retryMs * 2, LONGEST_RETRY_MS)
        this.#set(false, error)
        throw new StoreAway('the store is away', { cause: error })
      }
    }
  }

  async #attempt<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    this.#sql ??= connect(this.#url, { max: 1, applicationName: 'sallyport recorder' })
    const sql = this.#sql
    try {
      // Asked each time: the driver says nothing when it lost an idle connection and cannot get another.
      await within(CONNECT_MS, sql`select 1`)
      return await within(ANSWER_MS, work(sql))
    } catch (error) {
      this.#sql = null
      void sql.end({ timeout: 0 }).catch(() => undefined)
      throw error
    }
  }

  async ping(): Promise<void> {
    await this.run((sql) => sql`select 1`)
  }

  async close(): Promise<void> {
    await this.#sql?.end({ timeout: 5 })
    this.#sql = null
  }

  #set(up: boolean, error: unknown): void {
    if (this.#told && up === this.#up) return
    this.#told = true
    this.#up = up
    this.#changed(up, error)
  }
}
