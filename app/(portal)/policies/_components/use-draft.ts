'use client'
import { useRouter } from 'next/navigation'
import { useEffect, useRef, useState, useTransition } from 'react'
import type { PolicyItem } from '#lib/services/policies/policy-item'
import { checkHere, readHere, saveHere } from '../actions'
import type { PolicyProblem } from './policy-problem'

const CHECK_AFTER_MS = 350

/** What is in force, as far as the editor knows; `version` null: nothing of this name. */
interface Base {
  readonly text: string
  readonly version: number | null
}

export interface Draft {
  readonly name: string
  readonly text: string
  readonly dirty: boolean
  /** null while nobody has checked the text as it stands. */
  readonly problems: readonly PolicyProblem[] | null
  readonly busy: boolean
  readonly failure: { readonly field: string | undefined; readonly message: string } | null
  /** Somebody else's version, saved meanwhile. */
  readonly theirs: PolicyItem | null
  /** Grows when the text was replaced from outside: the editor starts again. */
  readonly round: number
  setName(name: string): void
  setText(text: string): void
  save(): void
  takeTheirs(): void
  /** Goes on with one's own text, over theirs. */
  keepMine(): void
}

interface Start {
  document: PolicyItem | null
  proposed: { readonly name: string; readonly text: string } | null
}

/** A text being edited: checked as it is typed, saved against the version it came from. */
export function useDraft({ document, proposed }: Start): Draft {
  const router = useRouter()
  const [name, setName] = useState(document?.name ?? proposed?.name ?? '')
  const [text, setText] = useState(document?.text ?? proposed?.text ?? '')
  const [base, setBase] = useState<Base>({ text: document?.text ?? '', version: document?.version ?? null })
  const [failure, setFailure] = useState<Draft['failure']>(null)
  const [theirs, setTheirs] = useState<PolicyItem | null>(null)
  const [round, setRound] = useState(0)
  const [busy, start] = useTransition()
  const dirty = text !== base.text
  const problems = useCheck(name, text, dirty || base.version !== null)
  const replace = (item: PolicyItem) => {
    setText(item.text)
    setBase({ text: item.text, version: item.version })
    setTheirs(null)
    setFailure(null)
    setRound((was) => was + 1)
  }
  useNewer(document, base, dirty, replace, setTheirs)
  useLeaveGuard(dirty && !busy)
  const save = () =>
    start(async () => {
      const result = await saveHere(name.trim(), text, base.version)
      if (result.ok) {
        setBase({ text, version: result.value.version })
        setFailure(null)
        if (base.version === null) router.replace(`/policies/${result.value.name}`)
        else router.refresh()
        return
      }
      setFailure(result)
      if (result.code !== 'conflict' || base.version === null) return
      const now = await readHere(name)
      if (now.ok) setTheirs(now.value)
    })
  return {
    ...{ name, text, dirty, problems, busy, failure, theirs, round, setName, setText, save },
    takeTheirs: () => theirs && replace(theirs),
    keepMine: () => {
      if (!theirs) return
      setBase({ text: theirs.text, version: theirs.version })
      setTheirs(null)
      setFailure(null)
    },
  }
}

/** What the service says about the text once the writer pauses. Late answers about earlier texts are dropped. */
function useCheck(name: string, text: string, on: boolean): readonly PolicyProblem[] | null {
  const [problems, setProblems] = useState<readonly PolicyProblem[] | null>(null)
  useEffect(() => {
    setProblems(null)
    if (!on) return
    let current = true
    const check = async () => {
      const checked = await checkHere(name.trim() || 'unnamed', text).catch(() => null)
      if (current && checked?.ok) setProblems(checked.value)
    }
    const timer = setTimeout(() => void check(), CHECK_AFTER_MS)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [name, text, on])
  return problems
}

/** The page was read again and has a newer version: taken at once where nothing was typed, else shown beside one's own. */
function useNewer(
  document: PolicyItem | null,
  base: Base,
  dirty: boolean,
  replace: (item: PolicyItem) => void,
  show: (item: PolicyItem) => void,
): void {
  const latest = useRef({ base, dirty, replace, show })
  useEffect(() => {
    latest.current = { base, dirty, replace, show }
  })
  useEffect(() => {
    const now = latest.current
    if (document === null || document.version <= (now.base.version ?? 0)) return
    if (now.dirty) now.show(document)
    else now.replace(document)
  }, [document])
}

/** The browser asks before unsaved work is left behind. */
function useLeaveGuard(on: boolean): void {
  useEffect(() => {
    if (!on) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [on])
}
