import { notFound } from 'next/navigation'
import { SallyportError } from '#lib/domain/errors'

/** What a verb answers; what it says does not exist becomes the page that says so. */
export async function orNotFound<T>(verb: () => Promise<T>): Promise<T> {
  try {
    return await verb()
  } catch (error) {
    if (error instanceof SallyportError && error.code === 'not_found') notFound()
    throw error
  }
}
