import pg from 'pg'

/** What became of one text: `ok`, or an error of the server (its SQLSTATE), or the connection that it cost. */
type Outcome = { readonly as: 'ok' } | { readonly as: 'error'; readonly code: string } | { readonly as: 'lost' }

/** Then a statement is cancelled. */
const LONGEST_MS = 5_000

/** Runs texts by the simple protocol on one connection, one after the other, and keeps no row. */
export class Executor {
  #client: pg.Client | null = null
  #status = 'I'
  #pid = 0

  constructor(
    private readonly url: string,
    private readonly setup: readonly string[],
  ) {}

  async run(text: string): Promise<Outcome> {
    const client = await this.#connected()
    const outcome = await this.#query(client, text)
    if (outcome.as === 'lost') this.#client = null
    // A failed transaction would keep everything behind it from running.
    else if (this.#status === 'E') await this.#query(client, 'ROLLBACK')
    return outcome
  }

  /** Ends an open transaction so that whatever was done in it lasts. */
  async commit(): Promise<void> {
    if (this.#client && this.#status !== 'I') await this.#query(this.#client, 'COMMIT')
  }

  /** One row of text of the same session, without leaving a trace. */
  async look(text: string): Promise<unknown> {
    const client = await this.#connected()
    const { rows } = await client.query({ text, rowMode: 'array' })
    return rows
  }

  /** Gives a session without history to what follows. */
  async renew(): Promise<void> {
    await this.close()
    await this.#connected()
  }

  async close(): Promise<void> {
    const client = this.#client
    this.#client = null
    await client?.end().catch(() => undefined)
  }

  async #connected(): Promise<pg.Client> {
    if (this.#client) return this.#client
    const client = new pg.Client({ connectionString: this.url, application_name: 'readonly' })
    client.on('error', () => undefined)
    await client.connect()
    client.connection.on('readyForQuery', ({ status }: { status: string }) => {
      this.#status = status
    })
    this.#status = 'I'
    for (const statement of this.setup) await client.query(statement)
    const { rows } = await client.query('SELECT pg_backend_pid() AS pid')
    this.#pid = Number(rows[0]?.pid)
    this.#client = client
    return client
  }

  #query(client: pg.Client, text: string): Promise<Outcome> {
    return new Promise((resolve) => {
      // Statements may lift the limit that the session began with.
      const timer = setTimeout(() => void this.#cancel(), LONGEST_MS)
      const done = (outcome: Outcome) => {
        clearTimeout(timer)
        client.off('end', lost)
        resolve(outcome)
      }
      const lost = () => done({ as: 'lost' })
      client.once('end', lost)
      const query = new pg.Query(text)
      // With a listener rows are not collected.
      query.on('row', () => undefined)
      query.on('end', () => done({ as: 'ok' }))
      query.on('error', (error: Error & { code?: string }) => {
        const { code } = error
        if (code === undefined) lost()
        // Only then is it known what became of the transaction.
        else client.connection.once('readyForQuery', () => done({ as: 'error', code }))
      })
      client.query(query)
    })
  }

  async #cancel(): Promise<void> {
    const other = new pg.Client({ connectionString: this.url })
    await other.connect()
    await other.query('SELECT pg_cancel_backend($1)', [this.#pid])
    await other.end()
  }
}
