import { portal } from './portal'

const ANSWER_MS = 2_000

/** True when the store answers a trivial query in time. */
export async function storeAnswers(): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ANSWER_MS)
  })
  const asked = Promise.resolve()
    .then(() => portal().store.sql`select 1`)
    .then(
      () => true,
      () => false,
    )
  return Promise.race([asked, late]).finally(() => clearTimeout(timer))
}
