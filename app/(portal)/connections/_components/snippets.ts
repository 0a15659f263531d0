/** How the PostgreSQL listener is reached from outside, as far as the portal knows. */
export interface Gateway {
  readonly host: string
  readonly port: number
  /**
   * `optional`: a loopback listener, where TLS may be left out. `own-ca`: TLS with a certificate of the gateway's own CA.
   * `public-ca`: TLS with a configured certificate that the client's system can check.
   */
  readonly tls: 'optional' | 'own-ca' | 'public-ca'
}

/** What is filled into a snippet. Without a token the text names the variable that should hold one. */
export interface SnippetInput {
  readonly gateway: Gateway
  readonly connection: string
  readonly user: string
  readonly token: string | null
}

export interface Snippet {
  readonly id: string
  readonly label: string
  readonly text: string
}

/** The name under which the CA certificate is downloaded, and which the snippets point at. */
export const CA_FILE = 'sallyport-ca.pem'

const VARIABLE = 'SALLYPORT_TOKEN'

function libpqTls(gateway: Gateway): string[] {
  if (gateway.tls === 'optional') return []
  return ['sslmode=verify-full', `sslrootcert=${gateway.tls === 'own-ca' ? CA_FILE : 'system'}`]
}

function psql(input: SnippetInput): string {
  const { gateway, connection, user } = input
  const tls = libpqTls(gateway)
  const lines = [
    `host=${gateway.host} port=${gateway.port}`,
    `dbname=${connection} user=${user}`,
    `password=$${VARIABLE}`,
    ...(tls.length > 0 ? [tls.join(' ')] : []),
  ]
  const token = input.token === null ? '' : `${VARIABLE}=${input.token}\n`
  return `${token}psql "${lines.join('\n  ')}"`
}

function python(input: SnippetInput): string {
  const { gateway, connection, user } = input
  const tls = libpqTls(gateway).map((pair) => pair.replace(/=(.*)$/, '="$1"'))
  return `${tokenComment(input, '#')}import os, psycopg

db = psycopg.connect(
    host="${gateway.host}", port=${gateway.port},
    dbname="${connection}", user="${user}",
    password=os.environ["${VARIABLE}"]${tls.length > 0 ? `,\n    ${tls.join(', ')}` : ''})`
}

function node(input: SnippetInput): string {
  const { gateway, connection, user } = input
  const ownCa = gateway.tls === 'own-ca'
  const ssl = ownCa
    ? `,\n  ssl: { ca: readFileSync('${CA_FILE}', 'utf8') }`
    : gateway.tls === 'public-ca'
      ? ',\n  ssl: true'
      : ''
  return `${tokenComment(input, '//')}${ownCa ? "import { readFileSync } from 'node:fs'\n" : ''}import pg from 'pg'

const db = new pg.Client({
  host: '${gateway.host}', port: ${gateway.port},
  database: '${connection}', user: '${user}',
  password: process.env.${VARIABLE}${ssl},
})
await db.connect()`
}

function jdbc(input: SnippetInput): string {
  const { gateway, connection, user } = input
  const tls =
    gateway.tls === 'optional'
      ? ''
      : `?sslmode=verify-full${gateway.tls === 'own-ca' ? `&sslrootcert=${CA_FILE}` : '&sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory'}`
  return `${tokenComment(input, '//')}var db = DriverManager.getConnection(
    "jdbc:postgresql://${gateway.host}:${gateway.port}/${connection}${tls}",
    "${user}", System.getenv("${VARIABLE}"));`
}

function autogen(input: SnippetInput): string {
  return `# DATABASE_URL=${databaseUrl(input, input.token ?? `$${VARIABLE}`)}
import os, psycopg
from autogen_agentchat.agents import AssistantAgent

async def run_sql(sql: str) -> list[tuple]:
    """Run SQL on ${input.connection}."""
    url = os.environ["DATABASE_URL"]
    async with await psycopg.AsyncConnection.connect(url) as db:
        return await (await db.execute(sql)).fetchall()

agent = AssistantAgent("${input.user}", model_client, tools=[run_sql])`
}

function environment(input: SnippetInput): string {
  const { gateway, connection, user } = input
  const tls =
    gateway.tls === 'optional'
      ? ''
      : `\nexport PGSSLMODE=verify-full PGSSLROOTCERT=${gateway.tls === 'own-ca' ? CA_FILE : 'system'}`
  return `${input.token === null ? '' : `export ${VARIABLE}=${input.token}\n`}export DATABASE_URL="${databaseUrl(input, `$${VARIABLE}`)}"

export PGHOST=${gateway.host} PGPORT=${gateway.port} PGDATABASE=${connection}
export PGUSER=${user} PGPASSWORD=$${VARIABLE}${tls}`
}

function databaseUrl({ gateway, connection, user }: SnippetInput, password: string): string {
  const tls = libpqTls(gateway)
  return `postgresql://${user}:${password}@${gateway.host}:${gateway.port}/${connection}${tls.length > 0 ? `?${tls.join('&')}` : ''}`
}

/** Programs take the token from the environment; the line above them says what to put there. */
function tokenComment(input: SnippetInput, mark: string): string {
  return input.token === null ? '' : `${mark} ${VARIABLE}=${input.token}\n`
}

/** Every client's own way to connect, filled in and ready to paste. */
export function connectSnippets(input: SnippetInput): readonly Snippet[] {
  return [
    { id: 'psql', label: 'psql', text: psql(input) },
    { id: 'python', label: 'Python', text: python(input) },
    { id: 'node', label: 'Node', text: node(input) },
    { id: 'jdbc', label: 'JDBC', text: jdbc(input) },
    { id: 'autogen', label: 'AutoGen', text: autogen(input) },
    { id: 'env', label: 'env', text: environment(input) },
  ]
}

/** A user name that every snippet can carry without quoting: the gateway takes any, the token says who it is. */
export function snippetUser(name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/@.*$/, '')
    .replace(/[^a-z0-9_-]+/g, '-')
    .replace(/^-+|-+$/g, '')
  return plain === '' ? 'me' : plain
}
