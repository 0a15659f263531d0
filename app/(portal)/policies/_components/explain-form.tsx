'use client'
import { type FormEvent, useState, useTransition } from 'react'
import type { ExplainedDecision } from '#lib/services/policies/explain'
import { Button } from '#ui/button'
import { Callout } from '#ui/callout'
import { Field } from '#ui/field'
import { Select, Textarea } from '#ui/input'
import { SubmitKeys, useSubmitKeys } from '../../../_components/submit-keys'
import { explainHere } from '../actions'
import type { ExplainChoices } from './explain-choices'

interface ExplainFormProps {
  choices: ExplainChoices
  initial: { readonly principalId: string | undefined; readonly connection: string | undefined }
  /** A document as it is being written, instead of the one in force. */
  draft?: { readonly name: string; readonly text: string }
  onExplained: (explained: ExplainedDecision) => void
}

/** Somebody, a connection and a statement: what would be decided? */
export function ExplainForm({ choices, initial, draft, onExplained }: ExplainFormProps) {
  const [principalId, setPrincipalId] = useState(initial.principalId ?? choices.principals[0]?.id ?? '')
  const [connection, setConnection] = useState(initial.connection ?? choices.connections[0] ?? '')
  const [text, setText] = useState('')
  const [error, setError] = useState<string>()
  const [busy, start] = useTransition()
  const keys = useSubmitKeys()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    start(async () => {
      const documents = draft ? [{ name: draft.name || 'unnamed', text: draft.text }] : []
      const result = await explainHere({ principalId, connection, text, documents })
      setError(result.ok ? undefined : result.message)
      if (result.ok) onExplained(result.value)
    })
  }
  if (choices.connections.length === 0)
    return <p className="text-fg-2">There is no connection yet to try a statement on.</p>
  return (
    <form onSubmit={submit} onKeyDown={keys} className="grid gap-3">
      <div className="grid grid-cols-2 gap-3">
        <Field label="Who">
          <Select value={principalId} onChange={(event) => setPrincipalId(event.target.value)}>
            {choices.principals.map(({ id, name, kind }) => (
              <option key={id} value={id}>
                {name} ({kind})
              </option>
            ))}
          </Select>
        </Field>
        <Field label="On">
          <Select value={connection} onChange={(event) => setConnection(event.target.value)}>
            {choices.connections.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </Select>
        </Field>
      </div>
      <Field label="Statement" hint="It is not sent anywhere.">
        <Textarea
          className="min-h-28 font-mono text-sm leading-code"
          value={text}
          placeholder="DELETE FROM orders;"
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => setText(event.target.value)}
        />
      </Field>
      {error ? (
        <Callout kind="denied" title="It could not be explained.">
          {error}
        </Callout>
      ) : null}
      <Button type="submit" look={draft ? 'plain' : 'primary'} className="justify-self-start" disabled={busy}>
        {busy ? 'Deciding…' : 'Explain'}
        <SubmitKeys />
      </Button>
    </form>
  )
}
