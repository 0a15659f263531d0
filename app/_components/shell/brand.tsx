/** The mark: a far gate, and a near one that is open. */
export function BrandMark({ className }: { className?: string }) {
  return (
    <svg className={className} viewBox="0 0 24 22" fill="none" aria-hidden="true">
      <path className="stroke-accent opacity-55" strokeWidth="2.5" d="M2 20.5V8.7a6.5 6.5 0 0 1 11.6-4" />
      <path
        className="fill-accent"
        fillRule="evenodd"
        d="M8.5 21.5V13a7 7 0 0 1 14 0v8.5zM13 21.5h5V13a2.5 2.5 0 0 0-5 0z"
      />
    </svg>
  )
}
