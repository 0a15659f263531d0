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
