import { anonymousContext } from '#lib/auth/context'
import { SallyportError } from '#lib/domain/errors'
import { pollDeviceLogin } from '#lib/services/device-logins/poll'
import { problem } from '../../_rest/problem'
import { readText } from '../../_rest/read-input'
import { answer } from '../../_rest/route'

const MAX_FORM_BYTES = 4_096

/** Device access token request (RFC 8628, 3.4); takes a form, as the RFC says, or the same as JSON. */
export async function POST(request: Request): Promise<Response> {
  try {
    const fields = await readFields(request)
    if (fields.get('grant_type') !== 'urn:ietf:params:oauth:grant-type:device_code')
      return answer({ error: 'unsupported_grant_type' }, 400)
    const deviceCode = fields.get('device_code')
    if (!deviceCode) return answer({ error: 'invalid_request' }, 400)
    const poll = await pollDeviceLogin({ ctx: anonymousContext(), input: { deviceCode } })
    if (poll.state !== 'issued') return answer({ error: poll.state }, 400)
    const { token, expiresInSeconds, email, name } = poll
    return answer({ access_token: token, token_type: 'Bearer', expires_in: expiresInSeconds, email, name }, 200)
  } catch (error) {
    return problem(error)
  }
}

async function readFields(request: Request): Promise<URLSearchParams> {
  const text = await readText(request, MAX_FORM_BYTES)
  if (!request.headers.get('content-type')?.startsWith('application/json')) return new URLSearchParams(text)
  try {
    const entries = Object.entries(JSON.parse(text) as object)
    return new URLSearchParams(entries.map(([name, value]) => [name, String(value)]))
  } catch {
    throw new SallyportError('invalid_input', 'The body must be a form or a JSON object.')
  }
}
