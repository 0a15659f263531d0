import type { Env } from '#lib/config/env'
import { DEMO_ACCOUNTS, DEMO_PASSWORD } from '../demo/accounts'

export interface ReadyInput {
  readonly env: Env
  /** A token for the demo's connection; null when there is none. */
  readonly demoToken: string | null
}

/** What the terminal shows once everything accepts. The last line is the one that scripts wait for. */
export function readyTable({ env, demoToken }: ReadyInput): string {
  const rows: [string, string][] = [
    ['Portal', env.SALLYPORT_URL],
    ['PostgreSQL', `${hostOf(env)}:${env.SALLYPORT_POSTGRES_PORT}`],
    ['Data', env.SALLYPORT_HOME],
  ]
  const lines = ['', ...rows.map(([name, value]) => `  ${name.padEnd(12)}${value}`)]
  if (env.SALLYPORT_DEMO) lines.push(...demoLines(env, demoToken))
  else if (env.SALLYPORT_OIDC_ISSUER === undefined)
    lines.push(
      '',
      '  Nobody can sign in yet: set SALLYPORT_OIDC_ISSUER, SALLYPORT_OIDC_CLIENT_ID and SALLYPORT_OIDC_CLIENT_SECRET.',
    )
  return [...lines, '', 'Sallyport is ready', ''].join('\n')
}

function demoLines(env: Env, token: string | null): string[] {
  const lines = ['', `  Sign in with one of these; the password is ${DEMO_PASSWORD}.`]
  for (const { email, purpose } of DEMO_ACCOUNTS) lines.push(`    ${email.padEnd(24)}${purpose}`)
  if (token === null) return lines
  const target = `host=${hostOf(env)} port=${env.SALLYPORT_POSTGRES_PORT} dbname=shop user=autogen`
  return [
    ...lines,
    '',
    '  The demo shop, as the agent autogen (this token is good for 24 hours):',
    `    psql "${target} password=${token}"`,
    '',
    `  Then watch the session at ${new URL('/sessions', env.SALLYPORT_URL).href}`,
  ]
}

function hostOf(env: Env): string {
  return new URL(env.SALLYPORT_URL).hostname
}
