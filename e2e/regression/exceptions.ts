import type { Exception } from './compare'

/** The written list: what may differ between direct and through, and why. */
export const EXCEPTIONS: readonly Exception[] = []
