'use client'
import { useRouter } from 'next/navigation'
import { type FormEvent, useEffect, useRef, useState, useTransition } from 'react'
import type { ConnectionInput } from '#lib/domain/connection'
import { fieldMessage } from '../../../_components/field-message'
import { addConnection, changeConnection, runTest } from '../actions'
import {
  boundAddress,
  checkForm,
  type FieldErrors,
  type FormValues,
  secretFieldsFor,
  toConnectionInput,
} from './form-values'

/** What is being edited, as it was read. */
export interface Editing {
  readonly id: string
  readonly version: number
  readonly hold: ConnectionInput['hold']
  readonly masking: ConnectionInput['masking']
  readonly secrets: readonly { readonly field: string; readonly updatedAt: string }[]
}

/** Typed text; null takes a secret away; absent leaves it as it is. */
export type SecretDrafts = Readonly<Record<string, string | null>>

/** State and submission of the form. Errors never clear what was typed. */
export function useConnectionForm(editing: Editing | null, initial: FormValues) {
  const router = useRouter()
  const form = useRef<HTMLFormElement>(null)
  const [values, setValues] = useState(initial)
  const [secrets, setSecrets] = useState<SecretDrafts>({})
  const [errors, setErrors] = useState<FieldErrors>({})
  const [busy, start] = useTransition()
  const moved =
    editing !== null &&
    boundAddress(values.address, values.protocol) !== boundAddress(initial.address, initial.protocol)

  useEffect(() => {
    if (Object.keys(errors).length === 0) return
    const first = form.current?.querySelector<HTMLElement>('[aria-invalid="true"], [role="alert"]')
    first?.scrollIntoView({ block: 'center' })
    first?.focus()
  }, [errors])

  const change = (part: Partial<FormValues>) => setValues((before) => ({ ...before, ...part }))
  const draft = (field: string, text: string | null | undefined) =>
    setSecrets((before) => {
      const { [field]: _old, ...rest } = before
      return text === undefined ? rest : { ...rest, [field]: text }
    })

  const submit = (event: FormEvent) => {
    event.preventDefault()
    const found = { ...checkForm(values), ...checkSecrets(editing, values, secrets, moved) }
    setErrors(found)
    if (Object.keys(found).length > 0) return
    start(async () => {
      const failure = await save(editing, values, secrets)
      if (typeof failure !== 'string') return setErrors(failure)
      router.push(`/connections?open=${encodeURIComponent(failure)}`)
    })
  }
  return { form, values, change, secrets, draft, errors, busy, moved, submit }
}

/** A new connection needs the secrets its methods use; a moved one needs those it has again. */
function checkSecrets(editing: Editing | null, values: FormValues, drafts: SecretDrafts, moved: boolean): FieldErrors {
  const kept = editing?.secrets.map((secret) => secret.field) ?? []
  const errors: Record<string, string> = {}
  const given = (field: string) => drafts[field] === null || (drafts[field] ?? '') !== ''
  if (moved) {
    for (const field of kept)
      if (!given(field)) errors[`secrets.${field}`] = 'The address changed, so this must be entered again.'
  }
  if (values.auth.length === 1 || !kept.length)
    for (const field of secretFieldsFor(values))
      if (!(given(field) || kept.includes(field))) errors[`secrets.${field}`] = 'The target asks for it.'
  return errors
}

/** The saved connection's name, or what is wrong by field. A saved connection is tested at once. */
async function save(editing: Editing | null, values: FormValues, drafts: SecretDrafts): Promise<string | FieldErrors> {
  const connection = toConnectionInput(values, editing ?? {}) as unknown as ConnectionInput
  const given = Object.entries(drafts).filter(([, text]) => text !== '')
  const result = editing
    ? await changeConnection({
        id: editing.id,
        version: editing.version,
        connection,
        secrets: Object.fromEntries(given),
      })
    : await addConnection({
        connection,
        secrets: Object.fromEntries(given.flatMap(([field, text]) => (text === null ? [] : [[field, text]]))),
      })
  if (!result.ok) return { [(result.field ?? '').replace(/^connection\./, '')]: fieldMessage(result.message) }
  await runTest(result.value.id)
  return result.value.name
}
