import { spawn } from 'node:child_process'
import { requireProgram } from '../fixtures/programs'

/** A stock psql that stays open and is spoken to over its standard input. */
export interface OpenPsql {
  /** Types one line. */
  type(line: string): void
  /** Resolves as soon as everything printed so far (output and errors together) fits. Rejects when psql ends before. */
  prints(wanted: RegExp): Promise<string>
  /** Resolves with everything it printed when it has ended. */
  readonly ended: Promise<string>
  /** Closes its input, as Ctrl-D does, and waits for its end. */
  quit(): Promise<string>
  /** Ends it, whatever it does. */
  kill(): Promise<string>
}

/** Runs a shell line, such as a snippet of the portal, that starts psql. */
export function openPsql(line: string): OpenPsql {
  requireProgram('psql', 'postgresql-client')
  const child = spawn('bash', ['-c', `${line} --no-psqlrc`], { stdio: ['pipe', 'pipe', 'pipe'], detached: true })
  let printed = ''
  const waiting = new Set<() => void>()
  const take = (chunk: Buffer) => {
    printed += chunk.toString()
    for (const look of waiting) look()
  }
  child.stdout.on('data', take)
  child.stderr.on('data', take)
  // It may have ended before what is typed arrives.
  child.stdin.on('error', () => undefined)
  const ended = new Promise<string>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', () => resolve(printed))
  })
  return {
    type: (text) => child.stdin.write(`${text}\n`),
    prints: (wanted) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (!wanted.test(printed)) return
          waiting.delete(look)
          resolve(printed)
        }
        waiting.add(look)
        look()
        void ended.then((all) => reject(new Error(`psql ended without ${wanted}:\n${all}`)))
      }),
    ended,
    quit: () => {
      child.stdin.end()
      return ended
    },
    kill: () => {
      if (child.exitCode === null && child.pid) process.kill(-child.pid, 'SIGTERM')
      return ended
    },
  }
}
