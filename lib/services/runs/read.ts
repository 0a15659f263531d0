import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { runs } from '../../db/schema/principals'
import { SallyportError } from '../../domain/errors'
import { isId } from '../../domain/ids'
import type { Call } from '../context'
import { parseInput } from '../input'
import { type RunItem, selectRuns, toRunItem } from './list'

export const readRunInput = z.strictObject({ id: z.string().max(64) })

/** One agent job. Its sessions are `listSessions` with `runId`. */
export async function readRun({ ctx, input }: Call<z.input<typeof readRunInput>>): Promise<RunItem> {
  const { id } = parseInput(readRunInput, input)
  const [row] = isId('run', id) ? await selectRuns(ctx, eq(runs.id, id), 1) : []
  if (row === undefined) throw new SallyportError('not_found', 'There is no such run.')
  return toRunItem(row)
}
