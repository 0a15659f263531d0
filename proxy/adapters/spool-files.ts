import { closeSync, constants, fdatasync, fsync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { SegmentFile, SpoolDisk } from '#proxy/core/spool-disk'

/** Name of segment `number` in its worker's folder. */
export function segmentName(number: number): string {
  return `${String(number).padStart(8, '0')}.seg`
}

/** Number of a segment by its file name; null for any other file. */
export function segmentNumber(name: string): number | null {
  const match = /^(\d{8,})\.seg$/.exec(name)
  return match === null ? null : Number(match[1])
}

/** Segments as files of one folder, readable by nobody else. */
export function spoolFiles(folder: string): SpoolDisk {
  return {
    create(number) {
      const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_APPEND
      return segmentFile(openSync(join(folder, segmentName(number)), flags, 0o600), folder)
    },
  }
}

function segmentFile(fd: number, folder: string): SegmentFile {
  let named = false
  let syncs = 0
  let closed = false
  /** The number of an open file must not be given away while a thread still syncs it. */
  const closeWhenIdle = () => {
    if (closed && syncs === 0) closeSync(fd)
  }
  return {
    append(bytes) {
      let written = 0
      while (written < bytes.length) written += writeSync(fd, bytes, written, bytes.length - written)
    },
    sync(done) {
      if (closed) {
        done(new Error('the segment is closed'))
        return
      }
      syncs++
      fdatasync(fd, (error) => {
        const finish = (failure: Error | null) => {
          syncs--
          closeWhenIdle()
          done(failure)
        }
        if (error !== null || named) {
          finish(error)
          return
        }
        // A new file survives power loss only once its folder does.
        syncFolder(folder, (failure) => {
          named = failure === null
          finish(failure)
        })
      })
    },
    close() {
      if (closed) return
      closed = true
      closeWhenIdle()
    },
  }
}

function syncFolder(folder: string, done: (error: Error | null) => void): void {
  let fd: number
  try {
    fd = openSync(folder, constants.O_RDONLY)
  } catch (error) {
    done(error instanceof Error ? error : new Error(String(error)))
    return
  }
  fsync(fd, (error) => {
    closeSync(fd)
    done(error)
  })
}
