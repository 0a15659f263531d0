import { anonymousContext, publicUrl } from '#lib/auth/context'
import { startDeviceLogin } from '#lib/services/device-logins/start'
import { problem } from '../../_rest/problem'
import { answer } from '../../_rest/route'

/** Device authorization request (RFC 8628, 3.1): no client id is asked for, there is one client. */
export async function POST(): Promise<Response> {
  try {
    const started = await startDeviceLogin({ ctx: anonymousContext(), input: {} })
    const page = publicUrl('/device')
    return answer(
      {
        device_code: started.deviceCode,
        user_code: started.userCode,
        verification_uri: page,
        verification_uri_complete: `${page}?code=${started.userCode}`,
        expires_in: started.expiresInSeconds,
        interval: started.intervalSeconds,
      },
      200,
    )
  } catch (error) {
    return problem(error)
  }
}
