import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { readVariable } from '#lib/config/env'
import { SallyportError } from '#lib/domain/errors'
import type { ApplyResult } from '#lib/services/manifest/apply'
import { type ManifestFile, readManifest } from '#lib/services/manifest/manifest-file'
import { type Api, openApi } from './api'
import type { Command } from './command'
import { COMMON, readOptions, required } from './options'
import { out, outJson, printable } from './print'

export const command: Command = {
  usage: ['apply -f sallyport.yaml [--dry-run] [--as EMAIL] [--json]'],
  async run(args, env) {
    const options = { ...COMMON, file: { type: 'string', short: 'f' }, 'dry-run': { type: 'boolean' } } as const
    const { values } = readOptions(args, options, 0)
    const fileName = required(values.file, '-f FILE')
    const file = readText(fileName)
    const manifest = readManifest(file, fileName)
    const folder = dirname(fileName)
    const body = { file, fileName, secrets: readSecrets(manifest, folder), policies: readPolicies(manifest, folder) }
    const api = openApi(env, values.as)
    const planned = await send(api, { ...body, dryRun: true })
    if (values['dry-run'])
      return values.json ? outJson(planned) : out(`${planText(planned)}Nothing was changed (--dry-run).\n`)
    if (!values.json) out(planText(planned))
    if (planned.changes.length === 0) return values.json ? outJson({ ...planned, applied: true }) : undefined
    const applied = await send(api, { ...body, dryRun: false })
    if (values.json) outJson(applied)
    else out(`Applied ${applied.changes.length} ${applied.changes.length === 1 ? 'change' : 'changes'}.\n`)
  },
}

function send(api: Api, body: unknown): Promise<ApplyResult> {
  return api.json<ApplyResult>('apply', { method: 'POST', body })
}

function planText({ changes }: ApplyResult): string {
  if (changes.length === 0) return 'Nothing to change.\n'
  return changes
    .map(({ kind, name, action, details }) => {
      const sign = action === 'create' ? '+' : '~'
      return [`${sign} ${kind} ${name}`, ...details.map((detail) => `    ${detail}`)].map(printable).join('\n')
    })
    .join('\n')
    .concat('\n')
}

/** Secrets that come from this machine's environment and files; paths are relative to the file that names them. */
function readSecrets(file: ManifestFile, folder: string): Record<string, Record<string, string>> {
  const secrets: Record<string, Record<string, string>> = {}
  for (const [index, { name, secret }] of file.manifest.connections.entries()) {
    const own: Record<string, string> = {}
    for (const [field, source] of Object.entries(secret)) {
      const path = ['connections', index, 'secret', field]
      if ('env' in source) {
        const value = readVariable(source.env)
        if (!value) throw file.fail(path, `${name}: the environment variable ${source.env} is empty or missing`)
        own[field] = value
      } else if ('file' in source) own[field] = readSecretFile(file, path, resolve(folder, source.file), source.file)
    }
    if (Object.keys(own).length > 0) secrets[name] = own
  }
  return secrets
}

/** Policies that the file takes from others, as they are. */
function readPolicies(file: ManifestFile, folder: string): Record<string, string> {
  const texts: Record<string, string> = {}
  for (const [index, policy] of file.manifest.policies.entries()) {
    if (!('file' in policy)) continue
    const text = readIfThere(resolve(folder, policy.file))
    if (!text) throw file.fail(['policies', index, 'file'], `the file ${policy.file} is empty or cannot be read`)
    texts[policy.name] = text
  }
  return texts
}

/** The one line end that editors put at the end of a file is not part of the secret. */
function readSecretFile(file: ManifestFile, path: readonly PropertyKey[], from: string, shown: string): string {
  const value = readIfThere(from)?.replace(/\r?\n$/, '')
  if (!value) throw file.fail(path, `the file ${shown} is empty or cannot be read`)
  return value
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

function readText(fileName: string): string {
  try {
    return readFileSync(fileName === '-' ? 0 : fileName, 'utf8')
  } catch (cause) {
    throw new SallyportError('invalid_input', `${fileName}: cannot be read`, { cause })
  }
}
