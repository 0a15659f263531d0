import type { ReviewId } from './ids'

/** Why a client does not get what it asked for. The words are the same in every protocol and made to be read by a model. */
export type Denial =
  | { kind: 'denied'; policy: string; reason: string }
  | { kind: 'pending'; review: ReviewId; url: string }
  | { kind: 'rejected'; review: ReviewId; reason: string }
  | { kind: 'expired'; review: ReviewId }
  | { kind: 'unavailable'; reason: string }

/** The line that the client of a held command reads while it waits, without a line end. */
export function heldText(review: ReviewId, url: string): string {
  return `[sallyport:held ${review}] waiting for approval: ${url}`
}

/** The line a refused client reads, without a line end. */
export function denialText(denial: Denial): string {
  switch (denial.kind) {
    case 'denied':
      return `[sallyport:denied] ${denial.policy}: ${denial.reason}`
    case 'pending':
      return `[sallyport:pending ${denial.review}] re-send the identical command once it is approved: ${denial.url}`
    case 'rejected':
      return `[sallyport:rejected ${denial.review}] ${denial.reason}`
    case 'expired':
      return `[sallyport:expired ${denial.review}]`
    case 'unavailable':
      return `[sallyport:unavailable] ${denial.reason}`
  }
}
