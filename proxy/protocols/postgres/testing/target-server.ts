import { chmod, chown, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { issueAuthority, issueLeaf, type KeyPairPem } from '#lib/crypto/certificates'
import { connect } from '#lib/db/client'
import { type Cluster, startCluster } from '#lib/db/embedded/cluster'
import { serverUser } from '#lib/db/embedded/server-user'

/** The password of every role but `spaced`. */
export const ROLE_PASSWORD = 'correct horse'
/** Differs from its prepared form: a soft hyphen, a no-break space, a roman numeral. */
export const ODD_PASSWORD = 'I\u00adX\u00a0\u2168'
const SUPERUSER = 'postgres'

/** Who may come in, and how: one role for each way. */
const HBA = `
local   all all                     scram-sha-256
host    all scram     127.0.0.1/32  scram-sha-256
host    all odd       127.0.0.1/32  scram-sha-256
host    all md5       127.0.0.1/32  md5
host    all cleartext 127.0.0.1/32  password
host    all trusted   127.0.0.1/32  trust
hostssl all certified 127.0.0.1/32  cert
hostssl all tlsonly   127.0.0.1/32  trust
hostnossl all plainonly 127.0.0.1/32 trust
`

export interface TargetServer {
  readonly port: number
  readonly authority: KeyPairPem
  /** A client's certificate for a role, by the authority that the server trusts. */
  clientCertificate(role: string): Promise<KeyPairPem>
  /** Runs statements as the superuser. */
  admin(database: string, statements: readonly string[]): Promise<void>
  stop(): Promise<void>
}

/** A real PostgreSQL on loopback with TLS, its certificate made out to `db.internal`. */
export async function startTargetServer(): Promise<TargetServer> {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-target-'))
  await chmod(folder, 0o711)
  const port = await freePort()
  const times = { notBefore: new Date(Date.now() - 86_400_000), notAfter: new Date(Date.now() + 62.5 * 86_400_000) }
  const authority = await issueAuthority('target authority', times)
  const server = await issueLeaf(authority, { ...times, commonName: 'db', names: ['db.internal'], usage: 'server' })
  const files = await writeFiles(folder, {
    'ca.pem': authority.cert,
    'cert.pem': server.cert,
    'key.pem': server.key,
    hba: HBA,
  })
  const cluster = await startCluster({
    folder,
    superuser: SUPERUSER,
    password: ROLE_PASSWORD,
    listen: { host: '127.0.0.1', port },
    settings: {
      fsync: 'off',
      hba_file: files.hba,
      ssl: 'on',
      ssl_ca_file: files['ca.pem'],
      ssl_cert_file: files['cert.pem'],
      ssl_key_file: files['key.pem'],
    },
  })
  await createRoles(cluster)
  return {
    port,
    authority,
    clientCertificate: (role) => issueLeaf(authority, { ...times, commonName: role, names: [], usage: 'client' }),
    admin: async (database, statements) => {
      const sql = connect(cluster.url(SUPERUSER, ROLE_PASSWORD, database), { max: 1, applicationName: 'test setup' })
      for (const statement of statements) await sql.unsafe(statement)
      await sql.end({ timeout: 5 })
    },
    stop: async () => {
      await cluster.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Readable by the account that the server runs as, and by nobody else, as it demands of its key. */
async function writeFiles<Name extends string>(
  folder: string,
  texts: Record<Name, string>,
): Promise<Record<Name, string>> {
  const user = await serverUser(join(folder, 'data'))
  const paths = {} as Record<Name, string>
  for (const [name, text] of Object.entries(texts) as [Name, string][]) {
    paths[name] = join(folder, name)
    await writeFile(paths[name], text, { mode: 0o600 })
    if (user) await chown(paths[name], user.uid, user.gid)
  }
  return paths
}

async function createRoles(cluster: Cluster): Promise<void> {
  const sql = connect(cluster.url(SUPERUSER, ROLE_PASSWORD, 'postgres'), { max: 1, applicationName: 'test setup' })
  for (const role of ['scram', 'cleartext', 'trusted', 'certified', 'tlsonly', 'plainonly'])
    await sql.unsafe(`CREATE ROLE ${role} LOGIN PASSWORD '${ROLE_PASSWORD}'`)
  await sql.unsafe(`CREATE ROLE odd LOGIN PASSWORD '${ODD_PASSWORD}'`)
  await sql.unsafe("SET md5_password_warnings = off; SET password_encryption = 'md5'")
  await sql.unsafe(`CREATE ROLE md5 LOGIN PASSWORD '${ROLE_PASSWORD}'`)
  await sql.unsafe('CREATE DATABASE shop')
  await sql.end({ timeout: 5 })
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (typeof address !== 'object' || !address) throw new Error('no port')
  return address.port
}
