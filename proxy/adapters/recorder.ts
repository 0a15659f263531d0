import { randomBytes } from 'node:crypto'
import type { Clock } from '#lib/domain/clock'
import type { WorkerId } from '#lib/domain/ids'
import type { Limits } from '#lib/domain/limits'
import type { Log } from '#proxy/core/log'
import { Recorder } from '#proxy/core/recorder'
import { startShipper } from './shipper'
import { spoolFiles } from './spool-files'
import { SpoolFolders } from './spool-folders'
import { spoolKey } from './spool-key'

/** How often a worker shows others on the same disk that it lives. */
const TOUCH_MS = 10_000

export interface RecorderParts {
  /** `$SALLYPORT_HOME`, absolute. */
  readonly home: string
  readonly worker: WorkerId
  /** The store, as the recorder's role. */
  readonly storeUrl: string
  readonly limits: Pick<Limits, 'spoolBytes' | 'spoolMs' | 'recordingBytes'>
  readonly clock: Clock
  readonly log: Log
}

export interface StartedRecorder {
  readonly recorder: Recorder
  /** Ships and ends what workers left that died on this host. Call it once the worker is registered; it does not hold up its start. */
  recoverAbandoned(): void
  /** See `Recorder.drain`; then removes what is empty. */
  drain(withinMs: number): Promise<boolean>
}

/** Opens this worker's spool and starts shipping it. Throws `startup_failed`, or the system's error, when there is no place for it. */
export function startRecorder(parts: RecorderParts): StartedRecorder {
  const { clock, log } = parts
  const key = spoolKey(parts.home)
  const folders = new SpoolFolders(parts.home, () => clock.now())
  const folder = folders.create(parts.worker)
  const say = (level: 'info' | 'warn' | 'error', message: string, cause?: unknown) =>
    log[level](cause === undefined ? {} : { cause: String(cause) }, message)
  const shipper = startShipper({ url: parts.storeUrl, home: parts.home, key, folder }, say)
  const recorder = new Recorder({
    disk: spoolFiles(folder),
    shipper,
    key,
    clock,
    limits: parts.limits,
    random: (length) => randomBytes(length),
    later: (turn) => void setImmediate(turn),
    // A worker that is done does not stay for a timer.
    delay: (ms, task) => void setTimeout(task, ms).unref(),
    log: say,
  })
  const touch = setInterval(() => folders.touch(folder), TOUCH_MS)
  touch.unref()

  return {
    recorder,
    recoverAbandoned() {
      for (const worker of folders.abandoned()) {
        recorder.recover(worker).catch((error: unknown) => say('warn', `${worker} was not recovered here.`, error))
      }
    },
    async drain(withinMs) {
      const complete = await recorder.drain(withinMs)
      clearInterval(touch)
      if (complete) folders.remove(folder)
      return complete
    },
  }
}
