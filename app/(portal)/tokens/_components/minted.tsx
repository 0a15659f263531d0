'use client'
import Link from 'next/link'
import { Button } from '#ui/button'
import { Callout } from '#ui/callout'
import { CopyButton } from '#ui/copy'
import { SnippetBox } from '../../connections/_components/snippet-box'
import { connectSnippets, type Gateway, snippetUser } from '../../connections/_components/snippets'
import type { TokenHolder } from '../../connections/_components/token-holders'

export interface MintedResult {
  readonly token: string
  readonly expiresAt: string
  readonly holder: TokenHolder
  /** What the snippet is filled in for. */
  readonly connection: string
}

interface MintedProps {
  result: MintedResult
  gateway: Gateway
  myUser: string
  closeHref: string
}

/** The token, this once, and how to use it at once. */
export function Minted({ result, gateway, myUser, closeHref }: MintedProps) {
  const user = result.holder.self ? myUser : snippetUser(result.holder.name)
  return (
    <div className="grid gap-4 p-4">
      <Callout kind="held" title="Copy it now.">
        It is not shown again, and nobody can read it back.
      </Callout>
      <div className="flex items-center gap-2 rounded-2 border bg-code py-1 pr-1 pl-3">
        <output aria-label="The new token" className="mono min-w-0 flex-1 break-all">
          {result.token}
        </output>
        <CopyButton text={result.token} label="Copy the token" words="Copy" />
      </div>
      <div className="grid gap-2">
        <h3 className="text-sm font-strong">Connect to {result.connection}</h3>
        <SnippetBox snippets={connectSnippets({ gateway, connection: result.connection, user, token: result.token })} />
      </div>
      <Button asChild className="justify-self-start">
        <Link href={closeHref} scroll={false}>
          Done, I have copied it
        </Link>
      </Button>
    </div>
  )
}
