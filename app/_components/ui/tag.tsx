/** `name=value` as it is written in files and policies. */
export function Tag({ name, value }: { name: string; value?: string }) {
  return (
    <span className="inline-flex h-5 max-w-full items-center overflow-hidden rounded-1 bg-hover px-1.5 align-middle font-mono text-xs leading-none text-ellipsis whitespace-nowrap text-fg-2">
      {name}
      {value === undefined ? null : (
        <>
          =<span className="text-fg">{value}</span>
        </>
      )}
    </span>
  )
}

/** Every tag of a connection, in the order of their names. */
export function Tags({ tags }: { tags: Readonly<Record<string, string>> }) {
  return Object.entries(tags)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => <Tag key={name} name={name} value={value} />)
}

/** The first of many names, and how many more there are; the rest on hover. */
export function FewTags({ names, most, none }: { names: readonly string[]; most: number; none: string }) {
  if (names.length === 0) return <span className="text-fg-3">{none}</span>
  const rest = names.slice(most)
  return (
    <span className="inline-flex items-center gap-1">
      {names.slice(0, most).map((name) => (
        <Tag key={name} name={name} />
      ))}
      {rest.length > 0 ? (
        <span className="text-fg-3" title={rest.join(', ')}>
          +{rest.length}
        </span>
      ) : null}
    </span>
  )
}
