'use client'
import { Button } from '#ui/button'
import { Icon } from '#ui/icon'
import { Input } from '#ui/input'
import type { Tag } from './form-values'

interface TagsEditorProps {
  tags: readonly Tag[]
  onChange: (tags: readonly Tag[]) => void
  error?: string | undefined
}

/** `key = value` rows. Policies match on tags, so both halves are plain text here. */
export function TagsEditor({ tags, onChange, error }: TagsEditorProps) {
  const replace = (index: number, change: Partial<Tag>) =>
    onChange(tags.map((tag, at) => (at === index ? { ...tag, ...change } : tag)))
  return (
    <fieldset className="grid gap-1.5" aria-describedby={error ? 'tags-error' : undefined}>
      <legend className="mb-1 text-sm font-medium">Tags</legend>
      {tags.map((tag, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place; its key is what is being typed
        <div key={index} className="flex items-center gap-1.5">
          <Input
            aria-label={`Key of tag ${index + 1}`}
            aria-invalid={error ? true : undefined}
            className="font-mono text-sm"
            value={tag.key}
            placeholder="env"
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => replace(index, { key: event.target.value.toLowerCase() })}
          />
          <span className="text-fg-3" aria-hidden="true">
            =
          </span>
          <Input
            aria-label={`Value of tag ${index + 1}`}
            className="font-mono text-sm"
            value={tag.value}
            placeholder="prod"
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => replace(index, { value: event.target.value })}
          />
          <Button
            look="bare"
            size="icon"
            aria-label={`Remove tag ${tag.key || index + 1}`}
            onClick={() => onChange(tags.filter((_, at) => at !== index))}
          >
            <Icon name="x" size="sm" />
          </Button>
        </div>
      ))}
      <Button
        look="plain"
        size="sm"
        className="justify-self-start"
        onClick={() => onChange([...tags, { key: '', value: '' }])}
      >
        <Icon name="plus" size="sm" />
        Add tag
      </Button>
      {error ? (
        <p id="tags-error" className="is-denied flex items-start gap-1.5 text-sm text-state">
          <Icon name="x" size="sm" className="mt-0.5" />
          {error}
        </p>
      ) : null}
    </fieldset>
  )
}
