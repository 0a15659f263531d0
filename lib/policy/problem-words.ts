/** Cedar's words where they say less than they could to somebody who writes policies here, and the way out. */
const WORDS: readonly (readonly [said: RegExp, instead: string])[] = [
  [/^failed to parse policy from string: /, ''],
  [/__cedar::internal::AnyEntity/g, 'an entity'],
  [
    /^policy is impossible: .*/,
    'this can never apply: its conditions exclude each other, or its scope names a type that does not belong there',
  ],
  [
    /^(attribute `\w+` on entity type `Connection` not found).*/,
    '$1: tags are asked for by resource.hasTag("env") && resource.getTag("env") == "prod"',
  ],
  [
    /^(attribute `email` on entity type `(?:Agent|Service)` not found).*/,
    '$1: say `principal is Person` first, as agents and services have an `owner`',
  ],
  [
    /^(attribute `owner` on entity type `Person` not found).*/,
    '$1: say `principal is Agent` first, as people have an `email`',
  ],
]

export function inWords(message: string): string {
  return WORDS.reduce((text, [said, instead]) => text.replace(said, instead), message)
}
