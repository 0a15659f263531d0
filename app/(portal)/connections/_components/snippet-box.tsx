'use client'
import { useState } from 'react'
import { CopyButton } from '#ui/copy'
import { Tabs } from '#ui/tabs'
import type { Snippet } from './snippets'

/** Ready to paste, one tab a client. The reader's choice holds while the token under it changes. */
export function SnippetBox({ snippets }: { snippets: readonly Snippet[] }) {
  const [chosen, setChosen] = useState(snippets[0]?.id ?? '')
  const text = snippets.find((snippet) => snippet.id === chosen)?.text ?? ''
  return (
    <div className="overflow-hidden rounded-2 border bg-code">
      <Tabs
        label="Client"
        value={chosen}
        onValueChange={setChosen}
        barClassName="bg-page pl-3 pr-0.5 text-sm [&_[role=tab]]:h-8"
        end={<CopyButton text={text} label="Copy the snippet" />}
        tabs={snippets.map((snippet) => ({
          id: snippet.id,
          label: snippet.label,
          content: (
            <pre className="p-3 text-sm leading-code [overflow-wrap:anywhere] whitespace-pre-wrap">
              <Lines text={snippet.text} />
            </pre>
          ),
        }))}
      />
    </div>
  )
}

const OPENERS = /^(psql|export|import|from|var|const|await|async def)\b/

/** The word that starts a line stands out: it says what the line does. */
function Lines({ text }: { text: string }) {
  return text.split('\n').map((line, index) => {
    const opener = OPENERS.exec(line)?.[0] ?? ''
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: a line is its number
      <span key={index}>
        {opener === '' ? null : <b className="font-strong text-accent-text">{opener}</b>}
        {line.slice(opener.length)}
        {'\n'}
      </span>
    )
  })
}
