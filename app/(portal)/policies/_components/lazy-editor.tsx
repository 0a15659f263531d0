'use client'
import dynamic from 'next/dynamic'
import { Skeleton } from '#ui/skeleton'

/** The editor, read only by those who open it: no other page carries it. */
export const LazyEditor = dynamic(() => import('./cedar-editor'), { ssr: false, loading: EditorSkeleton })

function EditorSkeleton() {
  return (
    <div className="skeletons grid content-start gap-3 bg-code px-12 py-4" role="status">
      <span className="sr-only">Loading the editor</span>
      {['w-1/3', 'w-2/5', 'w-3/5', 'w-1/2', 'w-2/3', 'w-1/4'].map((width) => (
        <Skeleton key={width} className={width} />
      ))}
    </div>
  )
}
