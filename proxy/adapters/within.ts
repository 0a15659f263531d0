import { SallyportError } from '#lib/domain/errors'

/** How long the store may take to answer a question on which somebody's access hangs. */
export const STORE_ANSWER_MS = 5_000

/** The answer, or `unavailable` after `ms`: a store that hangs must not be waited for longer than one that is away. */
export async function within<T>(ms: number, answer: PromiseLike<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new SallyportError('unavailable', 'The store does not answer.')), ms)
  })
  try {
    return await Promise.race([answer, silence])
  } finally {
    clearTimeout(timer)
  }
}
