import { redirect } from 'next/navigation'

/** The short address of a review, as clients and notices have it. */
export default async function ReviewAddress({ params }: { params: Promise<{ id: string }> }) {
  redirect(`/inbox?open=${encodeURIComponent((await params).id)}`)
}
