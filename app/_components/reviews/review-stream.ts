import type { LiveTopic } from '#lib/domain/signals'

const NAME = 'sallyport.reviews'
const TOPIC: LiveTopic = 'reviews'
const AGAIN_MS = 5_000

/**
 * Calls `onChange` when something about reviews changed, also in a page that nobody sees. All pages of a browser share one stream:
 * whoever holds the lock has it and tells the others (`leads`). Returns how to stop.
 */
export function followReviews(onChange: (leads: boolean) => void): () => void {
  const channel = new BroadcastChannel(NAME)
  const stopping = new AbortController()
  channel.onmessage = () => onChange(false)
  const lead = () => {
    const changed = () => {
      channel.postMessage(null)
      onChange(true)
    }
    return keepStream(changed, stopping.signal)
  }
  // Refused only when we stop before our turn comes.
  navigator.locks.request(NAME, { signal: stopping.signal }, lead).catch(() => undefined)
  return () => {
    stopping.abort()
    channel.close()
  }
}

/** Keeps a stream open until `signal`: a browser gives up for good when the portal answers with an error, we do not. */
function keepStream(changed: () => void, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    let source: EventSource
    let timer: ReturnType<typeof setTimeout> | undefined
    const open = () => {
      source = new EventSource(`/api/v1/live?topic=${TOPIC}`)
      source.onopen = changed
      source.onmessage = changed
      source.onerror = () => {
        if (source.readyState === EventSource.CLOSED) timer = setTimeout(open, AGAIN_MS)
      }
    }
    open()
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      source.close()
      resolve()
    })
  })
}
