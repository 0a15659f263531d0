'use client'
import { useEffect, useRef } from 'react'
import { Button } from '#ui/button'
import { Field } from '#ui/field'
import { Input, Textarea } from '#ui/input'
import { RelativeTime } from '#ui/relative-time'
import { type FieldErrors, type FormValues, secretFieldsFor } from './form-values'
import { SECRET_WORDS } from './setting-words'
import type { Editing, SecretDrafts } from './use-connection-form'

interface SecretFieldsProps {
  values: FormValues
  kept: Editing['secrets']
  drafts: SecretDrafts
  draft: (field: string, text: string | null | undefined) => void
  errors: FieldErrors
  moved: boolean
  now: number
}

/** Write-only: what is kept is never shown, only how old it is. `#secret` in the address leads here. */
export function SecretFields({ values, kept, drafts, draft, errors, moved, now }: SecretFieldsProps) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (window.location.hash === '#secret') box.current?.querySelector<HTMLElement>('input, textarea')?.focus()
  }, [])
  const used = secretFieldsFor(values)
  const fields = [...used, ...kept.map((secret) => secret.field).filter((field) => !used.includes(field))]
  if (fields.length === 0) return null
  return (
    <div ref={box} id="secret" className="grid gap-4">
      {fields.map((field) => {
        const setAt = kept.find((secret) => secret.field === field)?.updatedAt
        return (
          <SecretField
            key={field}
            field={field}
            setAt={setAt === undefined ? null : Date.parse(setAt)}
            text={drafts[field]}
            draft={(text) => draft(field, text)}
            error={errors[`secrets.${field}`]}
            moved={moved}
            now={now}
          />
        )
      })}
    </div>
  )
}

interface SecretFieldProps {
  field: string
  /** Milliseconds since 1970; null when none is kept. */
  setAt: number | null
  text: string | null | undefined
  draft: (text: string | null | undefined) => void
  error: string | undefined
  moved: boolean
  now: number
}

function SecretField({ field, setAt, text, draft, error, moved, now }: SecretFieldProps) {
  const label = SECRET_WORDS[field] ?? field
  if (text === null)
    return (
      <div className="flex items-center gap-2 text-sm">
        <span className="font-medium">{label}</span>
        <span className="text-fg-2">will be removed</span>
        <Button size="sm" className="ml-auto" onClick={() => draft(undefined)}>
          Keep it
        </Button>
      </div>
    )
  const control = {
    value: text ?? '',
    autoComplete: 'new-password',
    spellCheck: false,
    placeholder: setAt === null || moved ? '' : 'unchanged',
  }
  return (
    <Field label={label} hint={<Hint setAt={setAt} moved={moved} now={now} remove={() => draft(null)} />} error={error}>
      {field === 'password' ? (
        <Input type="password" {...control} onChange={(event) => draft(event.target.value || undefined)} />
      ) : (
        <Textarea
          className="min-h-20 font-mono text-xs"
          {...control}
          onChange={(event) => draft(event.target.value || undefined)}
        />
      )}
    </Field>
  )
}

interface HintProps {
  setAt: number | null
  moved: boolean
  now: number
  remove: () => void
}

function Hint({ setAt, moved, now, remove }: HintProps) {
  if (setAt === null) return 'Sealed to the gateway’s proxies at once. Nobody can read it back, this portal included.'
  return (
    <>
      Set <RelativeTime at={setAt} now={now} />.{' '}
      {moved ? 'It does not open for the new address.' : 'Leave it empty to keep it.'}{' '}
      <button type="button" onClick={remove} className="font-medium text-accent-text hover:underline">
        Remove it
      </button>
    </>
  )
}
