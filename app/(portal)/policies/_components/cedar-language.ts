import { HighlightStyle, LanguageSupport, StreamLanguage, syntaxHighlighting } from '@codemirror/language'
import { tags } from '@lezer/highlight'
import { cedarTokenAt } from './cedar-tokens'

const cedar = StreamLanguage.define<null>({
  name: 'cedar',
  startState: () => null,
  token: (stream) => {
    const { kind, to } = cedarTokenAt(stream.string, stream.pos)
    stream.pos = to
    return kind === 'plain' ? null : kind
  },
  tokenTable: {
    comment: tags.comment,
    string: tags.string,
    annotation: tags.meta,
    effect: tags.controlKeyword,
    keyword: tags.keyword,
    type: tags.typeName,
    word: tags.variableName,
    number: tags.number,
  },
  languageData: { commentTokens: { line: '//' }, closeBrackets: { brackets: ['(', '[', '{', '"'] } },
})

/** The same colours as `CedarText` has. */
const colours = HighlightStyle.define([
  { tag: tags.comment, class: 'cedar-comment' },
  { tag: tags.string, class: 'cedar-string' },
  { tag: tags.meta, class: 'cedar-annotation' },
  { tag: tags.controlKeyword, class: 'cedar-effect' },
  { tag: tags.keyword, class: 'cedar-keyword' },
  { tag: tags.typeName, class: 'cedar-type' },
])

export function cedarLanguage(): LanguageSupport {
  return new LanguageSupport(cedar, syntaxHighlighting(colours))
}
