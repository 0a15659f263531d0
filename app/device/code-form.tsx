import { Button } from '#ui/button'
import { Callout } from '#ui/callout'
import { Field } from '#ui/field'
import { Input } from '#ui/input'

/** Asks for the code that the terminal shows. Works without script. */
export function CodeForm({ typed }: { typed: string | undefined }) {
  return (
    <form action="/device" className="grid gap-4">
      {typed === undefined ? null : (
        <Callout kind="denied" title="No sign-in waits under this code.">
          It may be mistyped, used or older than 10 minutes. Run sallyport login again for a new one.
        </Callout>
      )}
      <Field label="Code in the terminal" hint="Eight letters. Case and hyphens do not matter.">
        <Input
          name="code"
          required
          autoFocus
          defaultValue={typed ?? ''}
          maxLength={20}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          placeholder="BCDF-GHJK"
          className="h-9 font-mono tracking-[0.08em] uppercase placeholder:normal-case"
        />
      </Field>
      <Button type="submit" look="primary" size="lg" className="justify-self-start">
        Continue
      </Button>
    </form>
  )
}
