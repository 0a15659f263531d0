import Link from 'next/link'
import { Icon } from '#ui/icon'
import { PageHeader } from '#ui/section'
import { Effect } from './effect'
import { policyOutline } from './policy-outline'
import { RECIPES } from './recipes'

/** What a new policy can start from: a recipe, one that is there, or nothing. */
export function RecipeList({ existing }: { existing: readonly string[] }) {
  return (
    <>
      <PageHeader title="New policy" />
      <p className="px-5 pb-3 text-fg-2 max-phone:px-4">
        Start from what comes near. Nothing is in force before you save it, and a dry run shows what it would have done.
      </p>
      <ul className="border-t">
        <Choice from="nothing" title="Start from nothing" about="A skeleton with the words that every refusal needs." />
        {RECIPES.map(({ name, title, about, text }) => (
          <Choice key={name} from={name} title={title} about={about} text={text} />
        ))}
      </ul>
      {existing.length > 0 ? (
        <section className="px-5 py-4 max-phone:px-4">
          <h2 className="mb-2 text-sm font-strong">Copy one of yours</h2>
          <p className="flex flex-wrap gap-x-4 gap-y-1">
            {existing.map((name) => (
              <Link
                key={name}
                href={`/policies/new?from=${name}`}
                className="font-medium text-accent-text hover:underline"
              >
                {name}
              </Link>
            ))}
          </p>
        </section>
      ) : null}
    </>
  )
}

interface ChoiceProps {
  from: string
  title: string
  about: string
  text?: string
}

function Choice({ from, title, about, text }: ChoiceProps) {
  const effects = text === undefined ? [] : [...new Set(policyOutline(from, text).map(({ effect }) => effect))]
  return (
    <li className="border-b">
      <Link
        href={`/policies/new?from=${from}`}
        className="focus-inset flex min-h-14 items-center gap-3 px-5 py-2 hover:bg-hover max-phone:px-4"
      >
        <Icon name={text === undefined ? 'plus' : 'policy'} className="text-fg-3" />
        <span className="min-w-0 flex-1 leading-[1.4]">
          <b className="font-medium">{title}</b>
          <span className="block text-sm text-fg-2">{about}</span>
        </span>
        <span className="flex gap-1">
          {effects.map((effect) => (
            <Effect key={effect} effect={effect} />
          ))}
        </span>
        <Icon name="fwd" size="sm" className="text-fg-3" />
      </Link>
    </li>
  )
}
