import type { HoldMode, POSTGRES_AUTH_METHODS, ProtocolName, RECORDING_MODES, TLS_MODES } from '#lib/domain/connection'
import type { IconName } from '#ui/icon'

export const PROTOCOL_WORDS: Readonly<Record<ProtocolName, string>> = { postgres: 'PostgreSQL' }
export const PROTOCOL_ICONS: Readonly<Record<ProtocolName, IconName>> = { postgres: 'db' }

/** What each TLS mode towards the target protects against, in libpq's names. */
export const TLS_WORDS: Readonly<Record<(typeof TLS_MODES)[number], string>> = {
  disable: 'No TLS. Everything, the password included, crosses the network in the clear.',
  allow: 'Plain first, TLS only when the target insists. Protects against nobody who can change traffic.',
  prefer: 'TLS when the target offers it, plain otherwise. Protects against nobody who can change traffic.',
  require: 'Always TLS, any certificate. Protects against listening, not against an impostor.',
  'verify-ca': 'TLS with a certificate signed by the CA below, for any name.',
  'verify-full': 'TLS with a certificate signed by the CA below, for this very host name. The safe choice.',
}

export const AUTH_WORDS: Readonly<Record<(typeof POSTGRES_AUTH_METHODS)[number], readonly [string, string]>> = {
  'scram-sha-256': ['SCRAM-SHA-256', 'The password itself is never sent'],
  md5: ['MD5', 'For old servers; a captured exchange can be cracked'],
  cleartext: ['Cleartext password', 'Only sensible inside verified TLS'],
  cert: ['Client certificate', 'The gateway proves itself in TLS'],
  trust: ['Trust', 'The target asks for nothing'],
}

export const RECORDING_WORDS: Readonly<Record<(typeof RECORDING_MODES)[number], readonly [string, string]>> = {
  standard: ['Standard', 'Each statement is on the gateway’s disk before it is sent, and in the store moments later.'],
  strict: [
    'Strict',
    'Nothing is sent before the store itself holds the record. Survives the loss of the gateway; slower.',
  ],
}

/** What the client of a held command does meanwhile. */
export const HOLD_WORDS: Readonly<Record<HoldMode, readonly [string, string]>> = {
  wait: ['The client waits', 'Its connection stays open until somebody decides, and the result comes by itself.'],
  ticket: [
    'The client is told to come back',
    'It is refused at once with the review’s id, and sends the same again once it is approved. For agents with short timeouts.',
  ],
}

export const SECRET_WORDS: Readonly<Record<string, string>> = {
  password: 'Password',
  clientCert: 'Client certificate (PEM)',
  clientKey: 'Client key (PEM)',
}
