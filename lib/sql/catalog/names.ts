import type { Name } from '../analysis/names'
import type { NameScope } from '../catalog'

interface Named {
  readonly schema: string
  readonly name: string
}

/** Things by name. Without a schema a name may be that of any of them: what the search path is, and was, does not matter. */
export class ByName<T extends Named> {
  readonly #items = new Map<string, T[]>()

  constructor(items: readonly T[]) {
    for (const item of items) {
      const same = this.#items.get(item.name)
      if (same) same.push(item)
      else this.#items.set(item.name, [item])
    }
  }

  find({ schema, name }: Name, scope: NameScope): readonly T[] {
    const all = this.#items.get(name) ?? []
    if (schema !== null) return all.filter((item) => item.schema === schema)
    return scope === 'session' ? all : all.filter((item) => item.schema === 'pg_catalog')
  }
}
