import { isUtf8 } from 'node:buffer'
import { stringEnd } from './frontend'
import { violation } from './violation'

/** What an ErrorResponse or NoticeResponse says, as far as the gateway cares. */
export interface Diagnostics {
  /** Not localised, where the server sends that (since 9.6). */
  readonly severity: string
  readonly code: string
  readonly message: string
  /** The connection is over with this message. */
  readonly fatal: boolean
}

const text = (buffer: Buffer, from: number, to: number): string =>
  isUtf8(buffer.subarray(from, to)) ? buffer.toString('utf8', from, to) : buffer.toString('latin1', from, to)

/** Checks and reads an ErrorResponse or NoticeResponse in `buffer[start, end)`. */
export function readDiagnostics(buffer: Buffer, start: number, end: number): Diagnostics {
  let severity = ''
  let plain = ''
  let code = ''
  let message = ''
  let at = start + 5
  while (at < end && buffer.readUInt8(at) !== 0) {
    const field = buffer.readUInt8(at)
    const nul = stringEnd(buffer, at + 1, end)
    if (field === 0x53) severity = text(buffer, at + 1, nul)
    else if (field === 0x56) plain = text(buffer, at + 1, nul)
    else if (field === 0x43) code = buffer.toString('latin1', at + 1, nul)
    else if (field === 0x4d) message = text(buffer, at + 1, nul)
    at = nul + 1
  }
  if (at !== end - 1) throw violation('the target sent a malformed error or notice')
  const named = plain === '' ? severity : plain
  return { severity: named, code, message, fatal: named === 'FATAL' || named === 'PANIC' }
}
