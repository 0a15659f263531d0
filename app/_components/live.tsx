'use client'
import type { LiveTopic } from '#lib/domain/signals'
import { useLive } from './use-live'

/** Keeps a page's server parts fresh; shows nothing. */
export function Live({ topic }: { topic: LiveTopic }) {
  useLive(topic)
  return null
}
