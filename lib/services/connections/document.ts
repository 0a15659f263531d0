import { type Address, parseAddress } from '../../domain/address'
import { type ConnectionInput, connectionInput, DEFAULT_PORTS, SECRET_FIELDS, SETTINGS } from '../../domain/connection'
import { SallyportError } from '../../domain/errors'
import { parseInput } from '../input'

/** A connection as stored: what `connectionInput` says, with its address taken apart and its settings checked. */
export type ConnectionDocument = Omit<ConnectionInput, 'address'> & Address

/** Checks what an admin wrote, the protocol's settings included. Throws `invalid_input` naming the field. */
export function parseConnection(input: unknown): ConnectionDocument {
  const { address, settings, access, ...rest } = parseInput(connectionInput, input)
  const checked = SETTINGS[rest.protocol].safeParse(settings)
  if (!checked.success) {
    const issue = checked.error.issues[0]
    const field = ['settings', ...(issue?.path ?? [])].join('.')
    throw new SallyportError('invalid_input', `${field}: ${issue?.message ?? 'not valid'}`, { field })
  }
  return {
    ...rest,
    ...parseAddress(address, DEFAULT_PORTS[rest.protocol]),
    settings: checked.data,
    access: [...new Set(access)].sort(),
  }
}

/** Refuses fields that a secret of this protocol does not have, and empty ones. */
export function checkSecretFields(protocol: ConnectionDocument['protocol'], secrets: Record<string, unknown>): void {
  const known: readonly string[] = SECRET_FIELDS[protocol]
  for (const [field, value] of Object.entries(secrets)) {
    const reason = !known.includes(field)
      ? `${protocol} has no such secret (it has ${known.join(', ')})`
      : value === ''
        ? 'must not be empty'
        : null
    if (reason !== null)
      throw new SallyportError('invalid_input', `secrets.${field}: ${reason}`, { field: `secrets.${field}` })
  }
}
