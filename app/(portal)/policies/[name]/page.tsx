import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { requireContext } from '#lib/auth/context'
import { may } from '#lib/domain/permissions'
import { readPolicy } from '#lib/services/policies/read'
import { orMissing } from '../../../_components/or-missing'
import { Workspace } from '../_components/workspace'
import { explainChoices, versionsOf } from '../load'

interface PolicyPageProps {
  params: Promise<{ name: string }>
}

export async function generateMetadata({ params }: PolicyPageProps): Promise<Metadata> {
  return { title: decodeURIComponent((await params).name) }
}

export default async function PolicyPage({ params }: PolicyPageProps) {
  const ctx = await requireContext()
  const name = decodeURIComponent((await params).name)
  if (!may(ctx.actor, 'policies:read')) notFound()
  const document = await orMissing(readPolicy({ ctx, input: { name: name.slice(0, 63) } }))
  if (document === null) notFound()
  return (
    <Workspace
      key={document.name}
      document={document}
      proposed={null}
      versions={await versionsOf(ctx, document.name)}
      choices={await explainChoices(ctx)}
      mayWrite={may(ctx.actor, 'policies:write')}
      mayDryRun={may(ctx.actor, 'recordings:read')}
      now={ctx.clock.now()}
    />
  )
}
