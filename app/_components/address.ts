/** What Next gives a page as its search parameters, once awaited. */
export type SearchParams = Readonly<Record<string, string | string[] | undefined>>

/** The first value of a parameter; undefined when it is absent or empty. */
export function param(params: SearchParams, name: string): string | undefined {
  const value = params[name]
  const first = Array.isArray(value) ? value[0] : value
  return first === undefined || first === '' ? undefined : first
}

/** The same page with some parameters set and others (null) taken away. */
export function address(path: string, params: SearchParams, change: Readonly<Record<string, string | null>>): string {
  const next = new URLSearchParams()
  for (const name of Object.keys(params)) {
    const value = param(params, name)
    if (value !== undefined && !(name in change)) next.set(name, value)
  }
  for (const [name, value] of Object.entries(change)) if (value !== null) next.set(name, value)
  const query = next.toString()
  return query === '' ? path : `${path}?${query}`
}
