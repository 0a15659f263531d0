'use client'
import { useState, useTransition } from 'react'
import { Button } from '#ui/button'
import { Callout } from '#ui/callout'
import { CopyButton } from '#ui/copy'
import { Icon } from '#ui/icon'
import { Select } from '#ui/input'
import { Section } from '#ui/section'
import { mintAccessToken } from '../../tokens/actions'
import { SnippetBox } from './snippet-box'
import { CA_FILE, connectSnippets, type Gateway, snippetUser } from './snippets'
import type { TokenHolder } from './token-holders'

interface ConnectSectionProps {
  connection: string
  disabled: boolean
  access: readonly string[]
  gateway: Gateway
  holders: readonly TokenHolder[]
  placeholderUser: string
}

interface Minted {
  readonly token: string
  readonly holder: TokenHolder
}

/** What to paste, and the token that goes into it. */
export function ConnectSection({
  connection,
  disabled,
  access,
  gateway,
  holders,
  placeholderUser,
}: ConnectSectionProps) {
  const able = holders.filter((holder) => holder.mayUse)
  const [holderId, setHolderId] = useState(able[0]?.id ?? '')
  const [minted, setMinted] = useState<Minted>()
  const [failure, setFailure] = useState<string>()
  const [busy, start] = useTransition()
  const holder = able.find((one) => one.id === holderId) ?? able[0]
  const shown = minted?.holder ?? holder
  const user = shown === undefined || shown.self ? placeholderUser : snippetUser(shown.name)
  const mint = () =>
    start(async () => {
      if (!holder) return
      setFailure(undefined)
      const result = await mintAccessToken({
        ...(holder.self ? {} : { principalId: holder.id }),
        label: `for ${connection}`,
        connections: [connection],
        ttlSeconds: 3_600,
      })
      if (result.ok) setMinted({ token: result.value.token, holder })
      else setFailure(result.message)
    })
  return (
    <Section
      title="Connect"
      end={minted ? `token for ${minted.holder.self ? 'you' : minted.holder.name}, 1 h` : undefined}
    >
      {gateway.tls === 'own-ca' ? <CaHint /> : null}
      <SnippetBox snippets={connectSnippets({ gateway, connection, user, token: minted?.token ?? null })} />
      {minted ? (
        <div className="mt-2 flex items-start gap-2 text-sm text-fg-2">
          <p className="flex-1">
            The token is in the snippets and is not shown again. It opens {connection} only
            {minted.holder.self ? ', and ends when you sign out' : ''}.
          </p>
          <CopyButton text={minted.token} label="Copy the token alone" words="Copy token" />
        </div>
      ) : disabled ? (
        <p className="mt-2 text-sm text-fg-2">It is disabled: nobody can connect until an admin enables it.</p>
      ) : able.length === 0 ? (
        <NobodyAble access={access} />
      ) : (
        <div className="mt-2 flex flex-wrap items-center gap-2">
          <Button onClick={mint} disabled={busy}>
            <Icon name="key" size="sm" />
            Mint a token
          </Button>
          {able.length > 1 ? (
            <Select
              aria-label="For whom"
              className="max-w-44"
              value={holder?.id ?? ''}
              onChange={(event) => setHolderId(event.target.value)}
            >
              {able.map((one) => (
                <option key={one.id} value={one.id}>
                  {one.self ? 'for you' : `for ${one.name}`}
                </option>
              ))}
            </Select>
          ) : null}
          <span className="text-sm text-fg-3">1 h, shown once</span>
        </div>
      )}
      {failure ? (
        <Callout kind="denied" title="No token was made." className="mt-2">
          {failure}
        </Callout>
      ) : null}
    </Section>
  )
}

function NobodyAble({ access }: { access: readonly string[] }) {
  return (
    <p className="mt-2 text-sm text-fg-2">
      {access.length === 0
        ? 'No group may use this connection yet, so a token would not open it.'
        : 'Neither you nor an agent of yours is in a group that may use it, so a token would not open it. Ask an admin.'}
    </p>
  )
}

function CaHint() {
  return (
    <p className="mb-2 text-sm text-fg-2">
      Save{' '}
      <a href="/settings/ca" download={CA_FILE} className="font-medium text-accent-text hover:underline">
        {CA_FILE}
      </a>{' '}
      beside your program: it lets the client know that it speaks to this gateway.
    </p>
  )
}
