import Link from 'next/link'
import { readAudit } from '#lib/services/audit/read'
import type { Context } from '#lib/services/context'
import { Bytes } from '#ui/code'
import { CopyId } from '#ui/copy'
import { DefinitionList } from '#ui/definition-list'
import { RelativeTime } from '#ui/relative-time'
import { Section } from '#ui/section'
import { SidePanel } from '#ui/side-panel'
import { MissingPanel } from '../../../_components/missing-panel'
import { orMissing } from '../../../_components/or-missing'
import { exactTime } from '../../../_components/time'
import { actionIcon, actionWords, targetHref, viaWords } from './action-words'

interface AuditPanelProps {
  ctx: Context
  id: string
  closeHref: string
}

const LINK = 'font-medium text-accent-text hover:underline'

/** One audit event in full. */
export async function AuditPanel({ ctx, id, closeHref }: AuditPanelProps) {
  const item = await orMissing(readAudit({ ctx, input: { id } }))
  if (item === null) return <MissingPanel what="audit event" closeHref={closeHref} />
  const at = Date.parse(item.at)
  const href = targetHref(item.targetId, item.targetName)
  const target = item.targetName || item.targetId
  const detail = Object.keys(item.detail).length === 0 ? null : JSON.stringify(item.detail, null, 2)
  return (
    <SidePanel
      icon={actionIcon(item.action)}
      title={`${actionWords(item.action)} ${target}`}
      closeHref={closeHref}
      about={
        <>
          {item.actorName}, {viaWords(item.via)}, <RelativeTime at={at} now={ctx.clock.now()} />
        </>
      }
    >
      <Section title="Event">
        <DefinitionList
          items={[
            ['Id', <CopyId key="id" id={item.id} />],
            [
              'When',
              <span key="when" className="mono">
                {exactTime(at)}
              </span>,
            ],
            [
              'Action',
              <span key="action" className="mono">
                {item.action}
              </span>,
            ],
            [
              'Who',
              <span key="who">
                {item.actorName}{' '}
                <Link href={`/audit?actor=${encodeURIComponent(item.actorId)}`} className={LINK}>
                  all they did
                </Link>
              </span>,
            ],
            ['Actor id', <CopyId key="actor" id={item.actorId} />],
            [
              'To',
              <span key="to">
                {href ? (
                  <Link href={href} className={LINK}>
                    {target}
                  </Link>
                ) : (
                  target
                )}{' '}
                <Link href={`/audit?target=${encodeURIComponent(item.targetId)}`} className={LINK}>
                  its history
                </Link>
              </span>,
            ],
            item.targetId !== target && ['Target id', <CopyId key="target" id={item.targetId} />],
          ]}
        />
      </Section>
      <Section title="Detail">
        {detail === null ? (
          <p className="text-sm text-fg-3">Nothing more was recorded: the action says it all.</p>
        ) : (
          <Bytes text={detail} />
        )}
      </Section>
    </SidePanel>
  )
}
