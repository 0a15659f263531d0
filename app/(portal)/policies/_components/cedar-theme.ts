import { EditorView } from '@codemirror/view'

/** The editor in the house's hand. Colours only by token: both themes come by themselves. */
export const cedarTheme = EditorView.theme({
  '&': { backgroundColor: 'var(--bg-code)', color: 'var(--text-1)', fontSize: '0.78125rem', height: '100%' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--face-mono)', lineHeight: 'var(--lh-code)', overflow: 'auto' },
  '.cm-content': { padding: 'var(--s-4) 0', caretColor: 'var(--text-1)' },
  '.cm-content:focus-visible': { boxShadow: 'none', borderRadius: '0' },
  '.cm-line': { padding: '0 var(--s-5)' },
  '.cm-gutters': { backgroundColor: 'var(--bg-code)', color: 'var(--text-3)', border: 'none' },
  '.cm-lineNumbers .cm-gutterElement': { minWidth: '2.125rem', padding: '0 0.5rem 0 0', fontSize: 'var(--t-xs)' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--bg-hover)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    background: 'color-mix(in oklch, var(--accent) 26%, transparent)',
  },
  '.cm-cursor': { borderLeftColor: 'var(--text-1)' },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': {
    backgroundColor: 'var(--bg-selected)',
    outline: '1px solid var(--accent-line)',
  },
  '.cm-gutter-lint': { width: '1.1rem' },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--denied-mark)',
    textUnderlineOffset: '3px',
  },
  '.cm-lintRange-warning': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--held-mark)',
    textUnderlineOffset: '3px',
  },
  '.cm-tooltip': {
    backgroundColor: 'var(--bg-raised)',
    color: 'var(--text-1)',
    border: 'none',
    borderRadius: 'var(--r-2)',
    boxShadow: 'var(--elevation-3), 0 0 0 1px var(--line-2)',
    overflow: 'hidden',
  },
  '.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--face-mono)', fontSize: 'var(--t-sm)', maxHeight: '16rem' },
  '.cm-tooltip-autocomplete > ul > li': { padding: '0.1875rem 0.625rem', display: 'flex', gap: '1rem' },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--bg-selected)',
    color: 'var(--text-1)',
  },
  '.cm-completionDetail': {
    marginLeft: 'auto',
    color: 'var(--text-3)',
    fontStyle: 'normal',
    fontFamily: 'var(--face-sans)',
  },
  '.cm-completionIcon': { display: 'none' },
  '.cm-diagnostic': {
    padding: '0.375rem 0.625rem',
    borderLeft: 'none',
    fontFamily: 'var(--face-sans)',
    fontSize: 'var(--t-sm)',
  },
})
