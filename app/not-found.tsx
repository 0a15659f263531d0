import Link from 'next/link'
import { Button } from '#ui/button'
import { BrandMark } from './_components/shell/brand'

export default function NotFound() {
  return (
    <main className="grid min-h-dvh place-content-center justify-items-start gap-1 p-5">
      <BrandMark className="mb-3 h-[26px] w-7" />
      <h1 className="text-xl font-strong tracking-[-0.012em]">There is nothing here</h1>
      <p className="max-w-96 text-fg-2">The address is wrong, or what it names is not for you to see.</p>
      <Button asChild className="mt-3">
        <Link href="/overview">Back to overview</Link>
      </Button>
    </main>
  )
}
