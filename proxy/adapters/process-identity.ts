import { readFileSync } from 'node:fs'

/** Of this boot of the host; '' where the system does not say. */
export function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    return ''
  }
}

/** When process `pid` started, in the kernel's own terms; '' where the system does not say; null when there is none. */
export function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name, in parentheses, may hold anything: fields count from behind it. State is the 3rd, start the 22nd.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' || fields[0] === 'X' ? null : (fields[19] ?? '')
  } catch {
    return isAlive(pid) ? '' : null
  }
}

/** A process, precisely enough that another one that got its number is not mistaken for it. */
export interface ProcessIdentity {
  readonly pid: number
  /** '' where the system did not say. */
  readonly boot: string
  readonly processStarted: string
}

export function ownProcess(): ProcessIdentity {
  return { pid: process.pid, boot: bootId(), processStarted: startOf(process.pid) ?? '' }
}

/** Whether this very process lives on this host. */
export function processLives({ pid, boot, processStarted }: ProcessIdentity): boolean {
  if (boot !== '' && boot !== bootId()) return false
  const startedAt = startOf(pid)
  return startedAt !== null && (processStarted === '' || startedAt === processStarted)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
