import { createHmac } from 'node:crypto'

/**
 * Headers by which a receiver knows that a body is ours and fresh: `X-Sallyport-Signature` is `v1=` and HMAC-SHA-256, in hex, of
 * `X-Sallyport-Timestamp` (seconds since 1970), a dot, and the body's bytes.
 */
export function signatureHeaders(secret: string, body: string, nowMs: number): Record<string, string> {
  const timestamp = String(Math.floor(nowMs / 1000))
  const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`, 'utf8').digest('hex')
  return { 'x-sallyport-timestamp': timestamp, 'x-sallyport-signature': `v1=${signature}` }
}
