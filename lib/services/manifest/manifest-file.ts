import { isMap, LineCounter, type Node, parseDocument } from 'yaml'
import { z } from 'zod'
import { connectionInput } from '../../domain/connection'
import { SallyportError } from '../../domain/errors'
import { policyName } from '../policies/policy-item'
import { agentName } from '../principals/create-agent'
import { ownerEmail } from '../principals/owner'

/** Where a secret's value comes from. `env` and `file` are read by whoever runs `apply`, never by the portal. */
const secretSource = z.union(
  [
    z.strictObject({
      env: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of an environment variable'),
    }),
    z.strictObject({ file: z.string().min(1).max(4_096) }),
    z.strictObject({ value: z.string().min(1).max(65_536) }),
  ],
  'must be { env: NAME }, { file: PATH } or { value: TEXT }',
)

const manifest = z.strictObject({
  connections: z.array(connectionInput.extend({ secret: z.record(z.string(), secretSource).default({}) })).default([]),
  agents: z
    .array(
      z.strictObject({
        name: agentName,
        kind: z.enum(['agent', 'service']).default('agent'),
        owner: ownerEmail,
        groups: z.array(z.string().trim().min(1).max(128)).max(100).default([]),
      }),
    )
    .default([]),
  policies: z
    .array(
      z.union(
        [
          z.strictObject({ name: policyName, text: z.string().min(1).max(200_000) }),
          /** Read by whoever runs `apply`; relative to the file that names it. */
          z.strictObject({ name: policyName, file: z.string().min(1).max(4_096) }),
        ],
        'must be { name: NAME, file: PATH } or { name: NAME, text: TEXT }',
      ),
    )
    .default([]),
})
export type Manifest = z.infer<typeof manifest>

/** A file that was read, and where in it things stand. */
export interface ManifestFile {
  readonly manifest: Manifest
  /** An error that names the file and the line of `path`. */
  fail(path: readonly PropertyKey[], reason: string): SallyportError
}

const MAX_FILE_BYTES = 512 * 1024

/**
 * Reads a sallyport.yaml. Throws `invalid_input` for the first thing that is wrong, as `file:line: reason`. A message never quotes a
 * value, which might be a secret.
 */
export function readManifest(text: string, fileName: string): ManifestFile {
  const lines = new LineCounter()
  const at = (line: number, reason: string) => new SallyportError('invalid_input', `${fileName}:${line}: ${reason}`)
  if (Buffer.byteLength(text) > MAX_FILE_BYTES) throw at(1, `the file may have ${MAX_FILE_BYTES} bytes at most`)
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true, merge: false })
  const [broken] = document.errors
  if (broken !== undefined) throw at(lines.linePos(broken.pos[0]).line, yamlReason(broken.code))
  const lineOf = (path: readonly PropertyKey[]) => {
    for (let length = path.length; length > 0; length--) {
      const offset = offsetOf(document, path.slice(0, length))
      if (offset !== null) return lines.linePos(offset).line
    }
    return 1
  }
  const parsed = manifest.safeParse(plain(document, at) ?? {})
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const path = issueAddress(issue)
    throw at(lineOf(path), `${path.map(String).join('.') || 'file'}: ${reasonOf(issue)}`)
  }
  const fail = (path: readonly PropertyKey[], reason: string) => at(lineOf(path), reason)
  refuseDoubles(parsed.data, fail)
  return { manifest: parsed.data, fail }
}

type YamlDocument = ReturnType<typeof parseDocument>

function plain(document: YamlDocument, at: (line: number, reason: string) => SallyportError): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 })
  } catch {
    throw at(1, 'anchors and aliases are not taken')
  }
}

/** Where the key (or list item) at `path` begins; null when it is not in the file. */
function offsetOf(document: YamlDocument, path: readonly PropertyKey[]): number | null {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true)
  const last = path.at(-1)
  if (isMap(parent)) {
    const pair = parent.items.find(
      ({ key }) => String((key as { value?: unknown } | null)?.value ?? key) === String(last),
    )
    const key = pair?.key as Node | undefined
    return key?.range?.[0] ?? null
  }
  return (document.getIn(path, true) as Node | undefined)?.range?.[0] ?? null
}

/** Keys that belong to the file's format and to parts of the product that this version does not have. */
const LATER = new Set(['labels'])

function issueAddress(issue: z.core.$ZodIssue | undefined): PropertyKey[] {
  if (issue === undefined) return []
  return issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : [...issue.path]
}

function reasonOf(issue: z.core.$ZodIssue | undefined): string {
  if (issue?.code !== 'unrecognized_keys') return issue?.message ?? 'not valid'
  const key = issue.keys[0] ?? ''
  return LATER.has(key) ? 'is not implemented in this version yet' : 'there is no such key'
}

function yamlReason(code: string): string {
  if (code === 'DUPLICATE_KEY') return 'a key is given twice'
  return `not valid YAML (${code.toLowerCase().replaceAll('_', ' ')})`
}

function refuseDoubles({ connections, agents, policies }: Manifest, fail: ManifestFile['fail']): void {
  for (const [list, items] of Object.entries({ connections, agents, policies })) {
    const seen = new Set<string>()
    for (const [index, { name }] of items.entries()) {
      if (seen.has(name)) throw fail([list, index, 'name'], `${list}.${index}.name: ${name} is there twice`)
      seen.add(name)
    }
  }
}
