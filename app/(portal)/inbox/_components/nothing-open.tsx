/** Where the open review would be. */
export function NothingOpen({ missing }: { missing: boolean }) {
  return (
    <section aria-label="Open review" className="grid h-full place-items-center p-6 text-center">
      <div className="grid justify-items-center gap-3">
        <svg className="size-16 stroke-line-2" viewBox="0 0 48 48" fill="none" strokeWidth="1.5" aria-hidden="true">
          <path d="M5 42V19a11 11 0 0 1 21-4.500M19 42V25a11.500 11.500 0 0 1 23 0v17zM27 42V27a3.500 3.500 0 0 1 7 0v15M2 42h44" />
        </svg>
        {missing ? (
          <>
            <h2 className="font-strong">There is no such review</h2>
            <p className="max-w-80 text-fg-2">It may be of somebody whose requests your roles do not reach.</p>
          </>
        ) : (
          <p className="text-fg-3">What is open stands here.</p>
        )}
      </div>
    </section>
  )
}
