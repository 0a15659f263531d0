'use client'
import { useEffect } from 'react'

/** Dialogs lock scrolling with a style element; this lets it pass a policy that allows only styles with the page's nonce. */
export function StyleNonce({ nonce }: { nonce: string }) {
  useEffect(() => {
    Object.assign(globalThis, { __webpack_nonce__: nonce })
  }, [nonce])
  return null
}
