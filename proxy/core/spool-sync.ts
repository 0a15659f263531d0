import type { SegmentFile } from './spool-disk'

/** Records that nobody waits for reach the disk within this time. */
const LAZY_MS = 20

export interface SyncOptions {
  delay(ms: number, task: () => void): void
  readonly onSynced: () => void
  readonly onFailed: (error: Error) => void
}

/**
 * Group commit: one sync is under way at a time, and serves every block that was appended before it started. A file whose sync failed
 * is never synced again: the kernel may have dropped what it could not write, and would say that all is well.
 */
export class SpoolSync {
  readonly #options: SyncOptions
  #synced = 0
  #appended = 0
  #wanted = 0
  #current: SegmentFile | null = null
  #retired: SegmentFile[] = []
  #busy = false
  #lazy = false
  /** Grows with every failure: what an older sync still reports means nothing. */
  #epoch = 0

  constructor(options: SyncOptions) {
    this.#options = options
  }

  /** Number of the last block that survives power loss, as does every block before it. */
  get synced(): number {
    return this.#synced
  }

  /** Asks for block `block`, appended or about to be, to be synced at once. */
  want(block: number): void {
    this.#wanted = Math.max(this.#wanted, block)
    if (!this.#busy && this.#wanted <= this.#appended && this.#synced < this.#wanted) this.#start()
  }

  /** `block` stands in the file that was opened last. */
  appended(block: number): void {
    this.#appended = block
    if (this.#busy) return
    if (this.#wanted > this.#synced) this.#start()
    else this.#soon()
  }

  opened(file: SegmentFile): void {
    if (this.#current !== null) this.#retired.push(this.#current)
    this.#current = file
  }

  /** After a failure: gives the files up. What they hold is synced once more as far as it goes, and nobody is told. */
  abandon(): void {
    this.#epoch++
    for (const file of [...this.#retired, this.#current]) {
      file?.sync(() => {})
      file?.close()
    }
    this.#retired = []
    this.#current = null
    this.#busy = false
    this.#wanted = 0
  }

  #soon(): void {
    if (this.#lazy) return
    this.#lazy = true
    this.#options.delay(LAZY_MS, () => {
      this.#lazy = false
      if (!this.#busy && this.#appended > this.#synced) this.#start()
    })
  }

  #start(): void {
    const target = this.#appended
    const retired = this.#retired
    const files = this.#current === null ? retired : [...retired, this.#current]
    this.#retired = []
    this.#busy = true
    this.#each(files, this.#epoch, () => {
      for (const file of retired) file.close()
      this.#synced = target
      this.#busy = false
      this.#options.onSynced()
      if (this.#busy) return
      if (this.#wanted > this.#synced && this.#appended > this.#synced) this.#start()
      else if (this.#appended > this.#synced) this.#soon()
    })
  }

  /** Oldest first: a block is never called safe while one before it is not. */
  #each(files: readonly SegmentFile[], epoch: number, done: () => void): void {
    const [file, ...rest] = files
    if (file === undefined) {
      done()
      return
    }
    file.sync((error) => {
      if (epoch !== this.#epoch) return
      if (error === null) {
        this.#each(rest, epoch, done)
        return
      }
      file.close()
      this.#retired = [...rest.filter((other) => other !== this.#current), ...this.#retired]
      this.#options.onFailed(error)
    })
  }
}
