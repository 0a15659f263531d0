import type { ApprovalScope } from '#lib/domain/hold'
import type { ReviewView } from './review-view'

type Scoped = Pick<ReviewView, 'run' | 'mine' | 'principal' | 'binds' | 'grantable'>

export function scopeChoices({ run, grantable }: Scoped): readonly { value: ApprovalScope['kind']; label: string }[] {
  if (!grantable) return [{ value: 'once', label: 'Once' }]
  return [
    { value: 'once', label: 'Once' },
    ...(run ? [{ value: 'run', label: 'For this run' } as const] : []),
    { value: 'minutes', label: 'For a while' },
  ]
}

const MINUTES = [5, 15, 30, 60, 120, 240, 480, 1_440, 10_080] as const

/** For how long one can approve, up to what is allowed. */
export function minuteChoices({ grantMinutes }: ReviewView['limits']): readonly number[] {
  const allowed = MINUTES.filter((minutes) => minutes <= grantMinutes)
  return allowed.length > 0 ? allowed : [grantMinutes]
}

export function minutesWords(minutes: number): string {
  return minutes < 1_440 || minutes % 60 > 0 ? `${minutes} min` : `${minutes / 60} h`
}

/** The button names its effect. */
export function approveWords(scope: ApprovalScope): string {
  switch (scope.kind) {
    case 'once':
      return 'Approve once'
    case 'run':
      return 'Approve for this run'
    case 'minutes':
      return `Approve for ${minutesWords(scope.minutes)}`
  }
}

/** What an approval of this scope lets through, and whether it is the last that is needed. */
export function scopeMeans(review: Scoped, scope: ApprovalScope): string {
  const last = review.mine.kind === 'decide' && review.mine.last
  const then = last ? 'Your approval is the last one needed.' : 'Others must approve, too.'
  const what = review.binds.length > 0 ? 'These bytes and bound values' : 'These bytes'
  switch (scope.kind) {
    case 'once':
      return `${what}, one time. ${then}`
    case 'run':
      return `Statements of this shape by ${review.principal.name}, with any constants, until the run “${review.run?.label ?? ''}” ends. ${then}`
    case 'minutes':
      return `Statements of this shape by ${review.principal.name}, with any constants, for ${minutesWords(scope.minutes)}${review.run ? ' of this run' : ''}. ${then}`
  }
}

/** How far an approval went, in the past. */
export function scopeDone(scope: ApprovalScope): string {
  switch (scope.kind) {
    case 'once':
      return 'once'
    case 'run':
      return 'for the run'
    case 'minutes':
      return `for ${minutesWords(scope.minutes)}`
  }
}
