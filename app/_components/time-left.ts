/** `11:42`, or `1 h 5 min` for what is far away; `0:00` once it is over. */
export function timeLeft(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1_000))
  if (seconds >= 3_600) return `${Math.floor(seconds / 3_600)} h ${Math.floor((seconds % 3_600) / 60)} min`
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

/** Less than this is soon. */
const SOON_MS = 120_000

export const isSoon = (ms: number): boolean => ms < SOON_MS
