import { formatAddress, parseAddress } from '#lib/domain/address'
import {
  type ConnectionInput,
  connectionInput,
  DEFAULT_PORTS,
  type ProtocolName,
  postgresSettings,
  SECRET_FIELDS,
} from '#lib/domain/connection'

/** What the form holds, in the shapes its controls have. Secrets are separate: they go in and never come back. */
export interface FormValues {
  readonly protocol: ProtocolName
  readonly name: string
  readonly address: string
  readonly database: string
  readonly user: string
  readonly tls: string
  readonly ca: string
  readonly auth: readonly string[]
  readonly tags: readonly Tag[]
  readonly access: readonly string[]
  readonly recording: string
  readonly hold: string
}

export interface Tag {
  readonly key: string
  readonly value: string
}

/** Messages by the path of the field, such as `settings.tls` or `secrets.password`; '' is about the whole. */
export type FieldErrors = Readonly<Record<string, string>>

export const EMPTY_FORM: FormValues = {
  protocol: 'postgres',
  name: '',
  address: '',
  database: '',
  user: '',
  tls: 'verify-full',
  ca: '',
  auth: ['scram-sha-256'],
  tags: [],
  access: [],
  recording: 'standard',
  hold: 'wait',
}

/** The fixed part of a connection, as far as the form edits it: what it does not show stays as it was. */
type Kept = Partial<Pick<ConnectionInput, 'masking'>>

/** The shared shape of form, API and YAML. Not validated: `checkForm` and the service do that. */
export function toConnectionInput(values: FormValues, { masking }: Kept = {}): Record<string, unknown> {
  return {
    ...(masking && { masking }),
    name: values.name.trim(),
    protocol: values.protocol,
    address: values.address.trim(),
    tags: Object.fromEntries(values.tags.filter((tag) => tag.key !== '').map((tag) => [tag.key, tag.value])),
    access: values.access,
    settings: {
      database: values.database.trim(),
      user: values.user.trim(),
      tls: values.tls,
      ...(values.ca.trim() === '' ? {} : { ca: values.ca.trim() }),
      auth: values.auth,
    },
    recording: values.recording,
    hold: values.hold,
  }
}

const WORDS: Readonly<Record<string, string>> = {
  name: 'A name has 1 to 63 characters: a to z, 0 to 9 and hyphens.',
  address: 'Give a host, or host:port.',
  'settings.database': 'Give the name of a database on this server, up to 63 characters.',
  'settings.user': 'Give the user the gateway signs in as, up to 63 characters.',
  'settings.auth': 'Choose at least one method.',
  'settings.ca': 'This is longer than 64 KiB.',
  tags: 'A tag key has 1 to 63 of a-z 0-9 _ . - and a value up to 255 characters.',
  access: 'A group has 1 to 128 characters, and there are at most 100.',
}

/** What can be said before anything is sent. Empty: the form may go to the service. */
export function checkForm(values: FormValues): FieldErrors {
  const raw = toConnectionInput(values)
  const errors: Record<string, string> = {}
  const note = (path: string, fallback: string) => {
    errors[path] ??= path === 'address' && values.address.trim() !== '' ? fallback : (WORDS[path] ?? fallback)
  }
  const whole = connectionInput.safeParse(raw)
  for (const issue of whole.error?.issues ?? []) note(String(issue.path[0] ?? ''), issue.message)
  const settings = postgresSettings.safeParse(raw.settings)
  for (const issue of settings.error?.issues ?? []) note(`settings.${String(issue.path[0] ?? '')}`, issue.message)
  const shape = addressError(values)
  if (shape !== null) note('address', shape)
  if (new Set(values.tags.map((tag) => tag.key)).size < values.tags.length) errors.tags = 'A tag key is used twice.'
  return errors
}

function addressError({ address, protocol }: FormValues): string | null {
  if (address.trim() === '') return null
  try {
    parseAddress(address.trim(), DEFAULT_PORTS[protocol])
    return null
  } catch {
    return 'This must look like db.internal or db.internal:5432, IPv6 in brackets.'
  }
}

/** The address in the form that secrets are bound to; what cannot be read stands for itself. */
export function boundAddress(address: string, protocol: ProtocolName): string {
  try {
    return formatAddress(parseAddress(address.trim(), DEFAULT_PORTS[protocol]))
  } catch {
    return address.trim()
  }
}

/** Secret fields that the chosen authentication uses, of those the protocol has. */
export function secretFieldsFor(values: Pick<FormValues, 'protocol' | 'auth'>): readonly string[] {
  const password = values.auth.some((method) => method !== 'cert' && method !== 'trust')
  const certificate = values.auth.includes('cert')
  return SECRET_FIELDS[values.protocol].filter((field) => (field === 'password' ? password : certificate))
}
