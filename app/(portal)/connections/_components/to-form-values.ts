import { postgresSettings } from '#lib/domain/connection'
import type { ConnectionDetail } from '#lib/services/connections/read'
import { EMPTY_FORM, type FormValues } from './form-values'

/** A stored connection as the form's controls want it. */
export function toFormValues(item: ConnectionDetail): FormValues {
  const settings = postgresSettings.safeParse(item.settings).data
  return {
    protocol: item.protocol,
    name: item.name,
    address: item.address,
    database: settings?.database ?? '',
    user: settings?.user ?? '',
    tls: settings?.tls ?? EMPTY_FORM.tls,
    ca: settings?.ca ?? '',
    auth: settings?.auth ?? EMPTY_FORM.auth,
    tags: Object.entries(item.tags).map(([key, value]) => ({ key, value })),
    access: item.access,
    recording: item.recording,
    hold: item.hold,
  }
}
