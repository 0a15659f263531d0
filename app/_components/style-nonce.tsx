'use client'
import { useEffect } from 'react'

/**
 * Dialogs lock scrolling with a style element; this lets it pass a policy that allows only styles with the page's nonce. The first
 * one stays: a refresh renders this again with the nonce of its own answer, but the policy is the document's.
 */
export function StyleNonce({ nonce }: { nonce: string }) {
  useEffect(() => {
    if (!('__webpack_nonce__' in globalThis)) Object.assign(globalThis, { __webpack_nonce__: nonce })
  }, [nonce])
  return null
}

/** The nonce of this document's policy, for what makes style elements of its own. */
export function styleNonce(): string | undefined {
  return (globalThis as { __webpack_nonce__?: string }).__webpack_nonce__
}
