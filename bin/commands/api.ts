import type { Env } from '#lib/config/env'
import { SallyportError } from '#lib/domain/errors'
import { findCredential } from './credential'

export interface ApiCall {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** JSON. */
  readonly body?: unknown
  /** Left out where undefined. */
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>
}

/** A page of a listing, as every listing answers it. */
export interface Listing<T> {
  readonly items: readonly T[]
  readonly nextCursor: string | null
}

export interface Api {
  /** JSON of a 2xx answer. Throws SallyportError with the problem's own words. */
  json<T>(path: string, call?: ApiCall): Promise<T>
  /** The body of a 2xx answer as it comes. */
  stream(path: string, call?: ApiCall): Promise<ReadableStream<Uint8Array>>
}

/** The REST API of the portal at SALLYPORT_URL; `as` is the person of `--as`. */
export function openApi(env: Env, as: string | undefined): Api {
  const send = async (path: string, call: ApiCall) => {
    const response = await reach(env, path, call, { authorization: `Bearer ${findCredential(env, as)}` })
    if (!response.ok) throw await refusal(response)
    return response
  }
  return {
    json: async <T>(path: string, call: ApiCall = {}) => (await (await send(path, call)).json()) as T,
    async stream(path, call = {}) {
      const { body } = await send(path, call)
      if (body === null) throw new SallyportError('unavailable', 'The portal answered nothing.')
      return body
    },
  }
}

/** One request to the portal, whatever it answers. Throws `unavailable` when it cannot be reached. */
export async function reach(
  env: Env,
  path: string,
  { method = 'GET', body, query = {} }: ApiCall,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const url = new URL(`/api/v1/${path}`, env.SALLYPORT_URL)
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value))
  try {
    return await fetch(url, {
      method,
      headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      redirect: 'error',
    })
  } catch (cause) {
    throw new SallyportError('unavailable', `The portal at ${env.SALLYPORT_URL} cannot be reached.`, { cause })
  }
}

/** What a problem document says, in its own words. */
export async function refusal(response: Response): Promise<SallyportError> {
  const problem = (await response.json().catch(() => null)) as { detail?: unknown } | null
  const detail = typeof problem?.detail === 'string' ? problem.detail : `The portal answered ${response.status}.`
  return new SallyportError(response.status === 401 ? 'unauthenticated' : 'forbidden', detail)
}
