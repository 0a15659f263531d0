'use server'
import type { Finding } from './use-findings'

/** Connections and sessions whose names match, as far as the reader may see them. */
export async function find(_words: string): Promise<readonly Finding[]> {
  return []
}
