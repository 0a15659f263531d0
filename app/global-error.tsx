'use client'
import './globals.css'

/** The last resort, when not even the frame could be made. */
export default function GlobalError({ reset }: { error: Error; reset: () => void }) {
  return (
    <html lang="en">
      <body>
        <main className="grid min-h-dvh place-content-center justify-items-start gap-1 p-5">
          <h1 className="text-xl font-strong">The portal cannot show this</h1>
          <p className="max-w-96 text-fg-2">
            Nothing was changed. What runs through the gateway goes on without the portal.
          </p>
          <button
            type="button"
            onClick={reset}
            className="mt-3 h-7 rounded-2 border border-line-2 bg-raised px-2.5 font-medium shadow-1"
          >
            Try again
          </button>
        </main>
      </body>
    </html>
  )
}
