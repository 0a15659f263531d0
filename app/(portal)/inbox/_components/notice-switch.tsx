'use client'
import { Button } from '#ui/button'
import { Icon } from '#ui/icon'
import { chooseNotices, type NoticeChoice, useNoticeChoice } from '../../../_components/reviews/notice-choice'

const WORDS: Readonly<Record<NoticeChoice, string>> = {
  on: 'Desktop notices are on: turn them off',
  off: 'Tell me on the desktop when a command is held',
  blocked: 'This browser blocks notices of this site: allow them in its settings',
  impossible: 'This browser has no desktop notices',
}

/** Whether a held command is told on the desktop while the portal is out of sight. */
export function NoticeSwitch() {
  const choice = useNoticeChoice()
  return (
    <Button
      look="bare"
      size="icon"
      aria-label={WORDS[choice]}
      title={WORDS[choice]}
      aria-pressed={choice === 'on'}
      disabled={choice === 'blocked' || choice === 'impossible'}
      className="aria-pressed:text-accent-text"
      onClick={() => void chooseNotices(choice === 'on' ? 'off' : 'on')}
    >
      <Icon name={choice === 'on' ? 'bell' : 'bell-off'} />
    </Button>
  )
}
