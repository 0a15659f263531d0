import { SallyportError } from '#lib/domain/errors'

/** What a verb read, or null when there is no such thing for this reader. Other errors stay errors. */
export async function orMissing<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading
  } catch (error) {
    if (error instanceof SallyportError && error.code === 'not_found') return null
    throw error
  }
}
