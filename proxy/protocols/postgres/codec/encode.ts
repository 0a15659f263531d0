/** The few messages that the gateway writes itself. */

interface Words {
  /** SQLSTATE. */
  readonly code: string
  readonly message: string
  readonly detail?: string | undefined
  readonly hint?: string | undefined
}

export interface Complaint extends Words {
  readonly severity: 'ERROR' | 'FATAL'
}

export function errorResponse(complaint: Complaint): Buffer {
  return response('E', complaint.severity, complaint)
}

export function noticeResponse(notice: Words & { readonly severity: 'NOTICE' }): Buffer {
  return response('N', notice.severity, notice)
}

/** NUL characters, which would end a field, are dropped. */
function response(type: string, severity: string, { code, message: text, detail, hint }: Words): Buffer {
  const fields = [`S${severity}`, `V${severity}`, `C${code}`, `M${text}`]
  if (detail !== undefined) fields.push(`D${detail}`)
  if (hint !== undefined) fields.push(`H${hint}`)
  const body = Buffer.from(`${fields.map((field) => field.replaceAll('\0', '')).join('\0')}\0\0`, 'utf8')
  const message = Buffer.allocUnsafe(5 + body.length)
  message.write(type, 0, 'latin1')
  message.writeInt32BE(4 + body.length, 1)
  body.copy(message, 5)
  return message
}

const bare = (type: string): Buffer => Buffer.from([type.charCodeAt(0), 0, 0, 0, 4])

export const flushMessage = (): Buffer => bare('H')
export const syncMessage = (): Buffer => bare('S')
export const terminateMessage = (): Buffer => bare('X')

/**
 * Describe of a portal that does not exist: the one message that makes a server fail whatever state it is in and changes nothing
 * else. The target's transaction and its skipping until Sync are then what the client was told.
 */
export function failingMessage(): Buffer {
  const body = Buffer.from('Psallyport refused this\0', 'latin1')
  const message = Buffer.allocUnsafe(5 + body.length)
  message.writeUInt8(0x44, 0)
  message.writeInt32BE(4 + body.length, 1)
  body.copy(message, 5)
  return message
}
