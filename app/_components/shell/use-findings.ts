'use client'
import { useEffect, useState } from 'react'
import { find } from './find'
import type { Finding } from './finding'

/** What the store has under these words, as the reader types. Late answers to earlier words are dropped. */
export function useFindings(query: string): readonly Finding[] {
  const [findings, setFindings] = useState<readonly Finding[]>([])
  const words = query.trim()
  useEffect(() => {
    if (words.length < 2) {
      setFindings([])
      return
    }
    let current = true
    const timer = setTimeout(() => {
      find(words).then(
        (found) => current && setFindings(found),
        () => current && setFindings([]),
      )
    }, 120)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [words])
  return findings
}
