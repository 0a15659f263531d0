import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { WorkerId } from '#lib/domain/ids'
import { LIMITS } from '#lib/domain/limits'
import { Recorder } from '#proxy/core/recorder'
import type { Shipper, ShipperReports } from '#proxy/core/recorder-ports'
import { StoreLink } from '../shipper-link'
import { ShipperLoop } from '../shipper-loop'
import { spoolFiles } from '../spool-files'
import { SpoolFolders } from '../spool-folders'
import { spoolKey } from '../spool-key'

/** A recorder on real files whose shipping runs in this thread, so that a test can see into it. */
export interface Shipping {
  readonly recorder: Recorder
  readonly folders: SpoolFolders
  readonly folder: string
  readonly key: Uint8Array
  readonly log: string[]
  readonly conflicts: string[]
  /** Recovers the sessions of a dead worker through the loop. */
  recover(worker: WorkerId): Promise<number>
  stop(): Promise<void>
}

export function newHome(): string {
  return mkdtempSync(join(tmpdir(), 'sallyport-spool-'))
}

export function startShipping(home: string, worker: WorkerId, url: string): Shipping {
  const key = spoolKey(home)
  const folders = new SpoolFolders(home, () => Date.now())
  const folder = folders.create(worker)
  const log: string[] = []
  const conflicts: string[] = []
  const calls = new Map<number, { resolve(ended: number): void; reject(error: Error): void }>()
  let reports: ShipperReports | null = null
  const link = new StoreLink(url, (up) => reports?.store(up))
  const loop = new ShipperLoop({
    link,
    folders,
    key,
    folder,
    now: () => Date.now(),
    pieceDone: () => {},
    report(message) {
      if (message.kind === 'shipped') reports?.shipped(message)
      else if (message.kind === 'conflict') {
        conflicts.push(message.session)
        reports?.conflict(message.session)
      } else if (message.kind === 'recovered') calls.get(message.call)?.resolve(message.ended)
      else if (message.kind === 'failed') calls.get(message.call)?.reject(new Error(message.message))
      else if (message.kind === 'log') log.push(`${message.level}: ${message.message} ${message.cause ?? ''}`)
      else if (message.kind === 'fatal') log.push(`fatal: ${message.message}`)
    },
  })
  let running: Promise<void> | null = null
  const recover = (dead: WorkerId) =>
    new Promise<number>((resolve, reject) => {
      const call = calls.size + 1
      calls.set(call, { resolve, reject })
      loop.recover(call, dead)
    })
  const shipper: Shipper = {
    start(given) {
      reports = given
      running = loop.run()
    },
    ship: (end) => loop.ship(end),
    recover,
    async stop() {
      loop.stop()
      await running
    },
  }
  const recorder = new Recorder({
    disk: spoolFiles(folder),
    shipper,
    key,
    clock: { now: () => Date.now(), monotonicMs: () => performance.now() },
    limits: LIMITS,
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    later: (turn) => void setImmediate(turn),
    delay: (ms, task) => void setTimeout(task, ms),
    log: (level, message) => void log.push(`${level}: ${message}`),
  })
  return { recorder, folders, folder, key, log, conflicts, recover, stop: () => shipper.stop() }
}
