'use client'
import Link from 'next/link'
import { HOLD_MODES, RECORDING_MODES } from '#lib/domain/connection'
import { Button } from '#ui/button'
import { Callout } from '#ui/callout'
import { Field } from '#ui/field'
import { Input } from '#ui/input'
import { ListInput } from '#ui/list-input'
import { Segmented } from '#ui/segmented'
import { SubmitKeys, useSubmitKeys } from '../../../_components/submit-keys'
import type { FormValues } from './form-values'
import { PostgresFields } from './postgres-fields'
import { SecretFields } from './secret-fields'
import { HOLD_WORDS, RECORDING_WORDS } from './setting-words'
import { TagsEditor } from './tags-editor'
import { type Editing, useConnectionForm } from './use-connection-form'

interface ConnectionFormProps {
  /** null for a new connection. */
  editing: Editing | null
  initial: FormValues
  /** Groups to offer. */
  groups: readonly string[]
  backHref: string
  /** The server's clock, for the age of secrets. */
  now?: number
}

const PLACED = /^(name|address|tags|access|settings\.(database|user|tls|ca|auth)|secrets\.\w+)$/

/** Everything an admin says about a connection. The part in the middle is the protocol's own. */
export function ConnectionForm({ editing, initial, groups, backHref, now = 0 }: ConnectionFormProps) {
  const { form, values, change, secrets, draft, errors, busy, moved, submit } = useConnectionForm(editing, initial)
  const keys = useSubmitKeys()
  const elsewhere = Object.entries(errors).filter(([field]) => !PLACED.test(field))
  return (
    <form ref={form} onSubmit={submit} onKeyDown={keys} data-keys="own" className="grid gap-4 p-4" noValidate>
      {elsewhere.length > 0 ? (
        <Callout kind="denied" title={editing ? 'Nothing was changed.' : 'Nothing was added.'}>
          {elsewhere.map(([, message]) => message).join(' ')}
        </Callout>
      ) : null}
      <Field label="Name" hint="What clients write as dbname. a to z, 0 to 9 and hyphens." error={errors.name}>
        <Input
          value={values.name}
          placeholder="shop-prod"
          autoComplete="off"
          spellCheck={false}
          autoFocus={editing === null}
          onChange={(event) => change({ name: event.target.value.toLowerCase() })}
        />
      </Field>
      <Field
        label="Address"
        hint="As the gateway sees it, not you. The port is 5432 unless given."
        error={errors.address}
      >
        <Input
          className="font-mono text-sm"
          value={values.address}
          placeholder="db.internal:5432"
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => change({ address: event.target.value })}
        />
      </Field>
      {moved && editing !== null && editing.secrets.length > 0 ? (
        <Callout kind="held" title="The address changed.">
          A sealed secret opens only for the address it was entered for, so enter it again below.
        </Callout>
      ) : null}
      <PostgresFields values={values} change={change} errors={errors} />
      <SecretFields
        values={values}
        kept={editing?.secrets ?? []}
        drafts={secrets}
        draft={draft}
        errors={errors}
        moved={moved}
        now={now}
      />
      <Field
        label="Open to groups"
        hint="Only members may connect, agents by their own groups. Enter adds one; without any nobody gets in."
        error={errors.access}
      >
        <ListInput
          values={values.access}
          onChange={(access) => change({ access })}
          noun="group"
          placeholder="engineers, agents"
          suggestions={groups}
        />
      </Field>
      <TagsEditor tags={values.tags} onChange={(tags) => change({ tags })} error={errors.tags} />
      <div className="grid justify-items-start gap-1">
        <span className="text-sm font-medium">Recording</span>
        <Segmented
          label="Recording"
          value={values.recording}
          choices={RECORDING_MODES.map((mode) => ({ value: mode as string, label: RECORDING_WORDS[mode][0] }))}
          onChange={(recording) => change({ recording })}
        />
        <p className="text-sm text-fg-3">{RECORDING_WORDS[values.recording === 'strict' ? 'strict' : 'standard'][1]}</p>
      </div>
      <div className="grid justify-items-start gap-1">
        <span className="text-sm font-medium">When a policy holds a command</span>
        <Segmented
          label="When a policy holds a command"
          value={values.hold}
          choices={HOLD_MODES.map((mode) => ({ value: mode as string, label: HOLD_WORDS[mode][0] }))}
          onChange={(hold) => change({ hold })}
        />
        <p className="text-sm text-fg-3">{HOLD_WORDS[values.hold === 'ticket' ? 'ticket' : 'wait'][1]}</p>
      </div>
      <div className="sticky bottom-0 -mx-4 -mb-4 flex items-center gap-2 border-t bg-panel px-4 py-3">
        <Button type="submit" look="primary" disabled={busy}>
          {editing ? 'Save and test' : 'Add and test'}
          <SubmitKeys />
        </Button>
        <Button asChild look="bare">
          <Link href={backHref} scroll={false}>
            Cancel
          </Link>
        </Button>
        {Object.keys(errors).length > 0 ? (
          <span className="is-denied ml-auto text-sm text-state">
            {Object.keys(errors).length === 1 ? '1 field needs' : `${Object.keys(errors).length} fields need`} you
          </span>
        ) : null}
      </div>
    </form>
  )
}
