import type { Env } from '#lib/config/env'
import { SallyportError } from '#lib/domain/errors'

/** The one password of every demo account. */
const DEMO_PASSWORD = 'demo'
const MAX_STEPS = 12
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * Does what a person would do in a browser: signs in at the portal as a demo account and approves the code. Only ever against a
 * provider on this machine, which is where the demo provider listens.
 */
export async function approveAsDemo(env: Env, email: string, userCode: string): Promise<void> {
  const browser = new Browser()
  const signInPage = new URL('/sign-in', env.SALLYPORT_URL)
  const page = await browser.get(signInPage)
  let step = await browser.submit(signInPage, signInForm(await page.text()))
  for (let steps = 0; steps < MAX_STEPS; steps++) {
    if (step.next !== null) {
      step = await browser.follow(step.next)
    } else if (step.url.pathname.startsWith('/interaction/')) {
      if (!LOOPBACK.has(step.url.hostname)) throw notDemo()
      step = await browser.post(step.url, new URLSearchParams({ email, password: DEMO_PASSWORD }))
      if (step.next === null) throw new SallyportError('forbidden', `The demo provider does not know ${email}.`)
    } else break
  }
  const response = await browser.call(new URL(`/api/v1/device/logins/${userCode}/approve`, env.SALLYPORT_URL))
  if (!response.ok) throw new SallyportError('forbidden', `${email} cannot sign in at ${env.SALLYPORT_URL}.`)
}

function notDemo(): SallyportError {
  return new SallyportError('forbidden', '--demo works with the demo provider only. Run sallyport login.')
}

interface Step {
  readonly url: URL
  /** Where the answer sends the browser; null when it is a page. */
  readonly next: URL | null
}

/** Cookies by host, and no redirect followed unseen. */
class Browser {
  readonly #cookies = new Map<string, Map<string, string>>()

  get(url: URL): Promise<Response> {
    return this.#send(url, {})
  }

  async follow(url: URL): Promise<Step> {
    return toStep(url, await this.get(url))
  }

  async post(url: URL, body: URLSearchParams | FormData): Promise<Step> {
    return toStep(url, await this.#send(url, { method: 'POST', body, headers: { origin: url.origin } }))
  }

  submit(url: URL, fields: ReadonlyMap<string, string>): Promise<Step> {
    const form = new FormData()
    for (const [name, value] of fields) form.set(name, value)
    return this.post(url, form)
  }

  call(url: URL): Promise<Response> {
    return this.#send(url, { method: 'POST', headers: { origin: url.origin } })
  }

  async #send(url: URL, init: RequestInit): Promise<Response> {
    const jar = this.#cookies.get(url.hostname) ?? new Map<string, string>()
    this.#cookies.set(url.hostname, jar)
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = { ...(init.headers as Record<string, string> | undefined), ...(cookie && { cookie }) }
    const response = await fetch(url, { ...init, headers, redirect: 'manual' }).catch((cause: unknown) => {
      throw new SallyportError('unavailable', `${url.origin} cannot be reached.`, { cause })
    })
    for (const line of response.headers.getSetCookie()) keepCookie(jar, line)
    return response
  }
}

function keepCookie(jar: Map<string, string>, line: string): void {
  const [pair = '', ...attributes] = line.split(';')
  const at = pair.indexOf('=')
  const name = pair.slice(0, at).trim()
  const expired = attributes.some((attribute) => /^\s*(max-age=0|expires=thu, 01 jan 1970)/i.test(attribute))
  if (expired) jar.delete(name)
  else jar.set(name, pair.slice(at + 1).trim())
}

function toStep(url: URL, response: Response): Step {
  const location = response.headers.get('location')
  return { url, next: location === null ? null : new URL(location, url) }
}

/** Hidden fields of the sign-in page's form: with them it works without scripts. */
function signInForm(html: string): ReadonlyMap<string, string> {
  const forms = html.match(/<form\b[\s\S]*?<\/form>/g) ?? []
  const form = forms.find((candidate) => /name="next"/.test(candidate))
  if (form === undefined) throw notDemo()
  const fields = new Map<string, string>()
  for (const [input] of form.matchAll(/<input\b[^>]*>/g)) {
    const name = /\bname="([^"]*)"/.exec(input)?.[1]
    if (name !== undefined) fields.set(name, /\bvalue="([^"]*)"/.exec(input)?.[1] ?? '')
  }
  return fields
}
