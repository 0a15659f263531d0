/** A name as a text has it: with a schema, or leaving that to the search path. */
export interface Name {
  readonly schema: string | null
  readonly name: string
}

const PLAIN = /^[^."]*$/
const quoted = (part: string): string => (PLAIN.test(part) ? part : `"${part.replaceAll('"', '""')}"`)

/** `schema.name` or `name`. A part with a dot or a quote in it is quoted, so that no name can pass for another. */
export function printName({ schema, name }: Name): string {
  return schema === null ? quoted(name) : `${quoted(schema)}.${quoted(name)}`
}

/** A set of names. */
export class NameSet {
  readonly #names = new Map<string, Name>()

  add(name: Name): void {
    this.#names.set(printName(name), name)
  }

  addAll(names: NameSet): void {
    for (const [printed, name] of names.#names) this.#names.set(printed, name)
  }

  get size(): number {
    return this.#names.size
  }

  values(): Iterable<Name> {
    return this.#names.values()
  }

  printed(): Iterable<string> {
    return this.#names.keys()
  }
}
