import { POSTGRES_AUTH_METHODS, TLS_MODES } from '#lib/domain/connection'
import { Field } from '#ui/field'
import { Icon } from '#ui/icon'
import { Checkbox, Input, Select, Textarea } from '#ui/input'
import type { FieldErrors, FormValues } from './form-values'
import { AUTH_WORDS, TLS_WORDS } from './setting-words'

interface PostgresFieldsProps {
  values: FormValues
  change: (part: Partial<FormValues>) => void
  errors: FieldErrors
}

/** What a PostgreSQL target needs beside its address. */
export function PostgresFields({ values, change, errors }: PostgresFieldsProps) {
  const tls = TLS_MODES.find((mode) => mode === values.tls) ?? 'verify-full'
  const checksCa = tls === 'verify-ca' || tls === 'verify-full'
  return (
    <>
      <div className="grid grid-cols-2 items-start gap-3">
        <Field label="Database" error={errors['settings.database']}>
          <Input
            className="font-mono text-sm"
            value={values.database}
            placeholder="shop"
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => change({ database: event.target.value })}
          />
        </Field>
        <Field label="User" error={errors['settings.user']}>
          <Input
            className="font-mono text-sm"
            value={values.user}
            placeholder="app"
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => change({ user: event.target.value })}
          />
        </Field>
      </div>
      <Field label="TLS to the target" hint={TLS_WORDS[tls]} error={errors['settings.tls']}>
        <Select value={tls} onChange={(event) => change({ tls: event.target.value })}>
          {TLS_MODES.map((mode) => (
            <option key={mode} value={mode}>
              {mode}
            </option>
          ))}
        </Select>
      </Field>
      {checksCa || values.ca !== '' ? (
        <Field
          label="CA certificate (PEM)"
          hint="Who may sign the target’s certificate. Empty: the authorities the gateway’s system knows."
          error={errors['settings.ca']}
        >
          <Textarea
            className="min-h-20 font-mono text-xs"
            value={values.ca}
            placeholder="-----BEGIN CERTIFICATE-----"
            spellCheck={false}
            onChange={(event) => change({ ca: event.target.value })}
          />
        </Field>
      ) : null}
      <AuthMethods values={values} change={change} error={errors['settings.auth']} />
    </>
  )
}

interface AuthMethodsProps {
  values: FormValues
  change: (part: Partial<FormValues>) => void
  error: string | undefined
}

function AuthMethods({ values, change, error }: AuthMethodsProps) {
  const toggle = (method: string) =>
    change({
      auth: values.auth.includes(method) ? values.auth.filter((one) => one !== method) : [...values.auth, method],
    })
  return (
    <fieldset className="grid gap-1.5" aria-describedby={error ? 'auth-error' : undefined}>
      <legend className="mb-1 text-sm font-medium">How the target may ask the gateway to sign in</legend>
      {POSTGRES_AUTH_METHODS.map((method) => (
        <Checkbox
          key={method}
          checked={values.auth.includes(method)}
          aria-invalid={error ? true : undefined}
          onChange={() => toggle(method)}
        >
          {AUTH_WORDS[method][0]} <span className="text-sm text-fg-3">{AUTH_WORDS[method][1]}</span>
        </Checkbox>
      ))}
      {error ? (
        <p id="auth-error" className="is-denied flex items-start gap-1.5 text-sm text-state">
          <Icon name="x" size="sm" className="mt-0.5" />
          {error}
        </p>
      ) : null}
      <p className="text-sm text-fg-3">A target that asks for anything else is refused, so nobody can talk it down.</p>
    </fieldset>
  )
}
