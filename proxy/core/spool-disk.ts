/** What the spool needs of a disk. Implemented over files in `proxy/adapters`, by a failing fake in tests. */
export interface SpoolDisk {
  /** Creates segment `number`, empty. Throws when it exists or cannot be made. */
  create(number: number): SegmentFile
}

export interface SegmentFile {
  /** Appends all of `bytes` or throws; what a failed append left behind is a torn tail. */
  append(bytes: Uint8Array): void
  /** Calls back once all that was appended before the call survives power loss. An error says it may not. */
  sync(done: (error: Error | null) => void): void
  /** No more appends or syncs. Never throws. */
  close(): void
}
