import type { IconName } from '#ui/icon'

/** Entities of the audit log, as filters name them. */
export const ENTITIES = [
  { value: 'connection', label: 'Connections' },
  { value: 'principal', label: 'People' },
  { value: 'agent', label: 'Agents' },
  { value: 'service', label: 'Services' },
  { value: 'token', label: 'Access tokens' },
  { value: 'role', label: 'Roles' },
  { value: 'session', label: 'Sessions and recordings' },
  { value: 'sign-in', label: 'Sign-ins' },
  { value: 'manifest', label: 'sallyport.yaml' },
  { value: 'device-login', label: 'Command line logins' },
] as const

const ICONS: Readonly<Record<string, IconName>> = {
  connection: 'plug',
  principal: 'person',
  agent: 'agent',
  service: 'service',
  token: 'key',
  role: 'people',
  session: 'sessions',
  'sign-in': 'person',
  'device-login': 'stmt',
  manifest: 'download',
}

const WORDS: Readonly<Record<string, string>> = {
  'connection.create': 'Added connection',
  'connection.update': 'Changed connection',
  'connection.delete': 'Deleted connection',
  'connection.disable': 'Disabled connection',
  'connection.enable': 'Enabled connection',
  'connection.test': 'Tested connection',
  'principal.invite': 'Invited',
  'principal.disable': 'Disabled',
  'principal.enable': 'Enabled',
  'agent.create': 'Added agent',
  'agent.update': 'Changed agent',
  'service.create': 'Added service',
  'service.update': 'Changed service',
  'token.mint': 'Minted a token for',
  'token.revoke': 'Revoked a token of',
  'role.set': 'Mapped groups to role',
  'manifest.export': 'Exported',
  'session.view': 'Viewed the recording of',
  'session.export': 'Exported the recording of',
  'session.verify': 'Verified the recording of',
  'session.end': 'Ended session',
  'session.refuse': 'Was refused at',
  'sign-in.create': 'Signed in',
  'sign-in.end': 'Signed out',
  'device-login.approve': 'Let the command line in as',
  'device-login.deny': 'Turned the command line away for',
}

/** What was done, to be read before the name of what it was done to. Unknown actions stand for themselves. */
export function actionWords(action: string): string {
  return WORDS[action] ?? action
}

export function actionIcon(action: string): IconName {
  return ICONS[action.split('.')[0] ?? ''] ?? 'audit'
}

const VIA: Readonly<Record<string, string>> = {
  'sign-in': 'in the portal',
  token: 'with a token',
  operator: 'on the gateway’s own host',
  system: 'by itself',
}

/** How the actor got here. */
export function viaWords(via: string): string {
  return VIA[via] ?? via
}

/** Where the thing an event is about can be looked at; null when it has no page. */
export function targetHref(targetId: string, targetName: string): string | null {
  const name = encodeURIComponent(targetName)
  if (targetId.startsWith('con_')) return targetName === '' ? null : `/connections?open=${name}`
  if (targetId.startsWith('pri_')) return `/people?open=${targetId}`
  if (targetId.startsWith('tok_')) return `/tokens?open=${targetId}`
  if (targetId.startsWith('ses_')) return `/sessions/${targetId}`
  return null
}
