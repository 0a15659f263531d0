'use client'
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { bracketMatching, indentUnit } from '@codemirror/language'
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint'
import { EditorState, type Extension } from '@codemirror/state'
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from '@codemirror/view'
import { useEffect, useRef } from 'react'
import { styleNonce } from '../../../_components/style-nonce'
import { cedarCompletions } from './cedar-completions'
import { cedarLanguage } from './cedar-language'
import { cedarTheme } from './cedar-theme'
import type { PolicyProblem } from './policy-problem'

export interface CedarEditorProps {
  label: string
  /** What it starts with; later changes of this are not looked at. */
  initial: string
  problems: readonly PolicyProblem[]
  /** Line to put the cursor on; each new value moves it. */
  goTo: { readonly line: number } | undefined
  onChange: (text: string) => void
  /** ⌘Enter or Ctrl Enter. */
  onSubmit: () => void
}

/** Cedar text under the cursor. Comes in a bundle of its own (see `LazyEditor`). */
export default function CedarEditor({ label, initial, problems, goTo, onChange, onSubmit }: CedarEditorProps) {
  const frame = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(null)
  const handlers = useRef({ onChange, onSubmit })
  useEffect(() => {
    handlers.current = { onChange, onSubmit }
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text is the editor's own once it is there
  useEffect(() => {
    const parent = frame.current
    if (!parent) return
    const made = new EditorView({
      parent,
      state: EditorState.create({
        doc: initial,
        extensions: [
          ...parts(label),
          keymap.of([{ key: 'Mod-Enter', run: () => submitted(handlers.current.onSubmit) }]),
          keymap.of([...closeBracketsKeymap, ...completionKeymap, ...lintKeymap, ...historyKeymap, ...defaultKeymap]),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) handlers.current.onChange(update.state.doc.toString())
          }),
        ],
      }),
    })
    view.current = made
    return () => {
      made.destroy()
      view.current = null
    }
  }, [label])
  useEffect(() => {
    const made = view.current
    if (made) made.dispatch(setDiagnostics(made.state, diagnostics(made.state, problems)))
  }, [problems])
  useEffect(() => {
    const made = view.current
    if (!made || !goTo) return
    const { from } = made.state.doc.line(Math.min(made.state.doc.lines, Math.max(1, goTo.line)))
    made.dispatch({ selection: { anchor: from }, scrollIntoView: true })
    made.focus()
  }, [goTo])
  return <div ref={frame} data-keys="own" className="h-full min-h-0 overflow-hidden" />
}

function submitted(onSubmit: () => void): true {
  onSubmit()
  return true
}

/** Tab is not among the keys: it leads out of the editor, as everywhere. */
function parts(label: string): Extension[] {
  const nonce = styleNonce()
  return [
    nonce === undefined ? [] : EditorView.cspNonce.of(nonce),
    lineNumbers(),
    lintGutter(),
    highlightSpecialChars(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    drawSelection(),
    history(),
    bracketMatching(),
    closeBrackets(),
    indentUnit.of('  '),
    EditorState.tabSize.of(2),
    EditorView.lineWrapping,
    autocompletion({ override: [cedarCompletions], icons: false }),
    cedarLanguage(),
    cedarTheme,
    EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0', spellcheck: 'false', autocapitalize: 'off' }),
  ]
}

/** A problem marks its whole line; one about the document marks the first. */
function diagnostics(state: EditorState, problems: readonly PolicyProblem[]): Diagnostic[] {
  return problems
    .map(({ line, message }): Diagnostic => {
      const { from, to, text } = state.doc.line(Math.min(state.doc.lines, Math.max(1, line ?? 1)))
      return { from: from + text.length - text.trimStart().length, to, message, severity: 'error' }
    })
    .sort((a, b) => a.from - b.from)
}
