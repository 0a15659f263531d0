import type { z } from 'zod'
import type { Context } from '#lib/services/context'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** One operation of the API: what it takes and gives, and the one service verb it is. Routes and the OpenAPI document are made of it. */
export interface Operation {
  readonly id: string
  readonly method: Method
  /** Below /api/v1, with parameters in braces. They are part of the input. */
  readonly path: string
  readonly summary: string
  /** `nobody`: for whoever is not signed in yet. */
  readonly caller: 'somebody' | 'nobody'
  readonly status: 200 | 201
  readonly input: z.ZodType
  readonly output: z.ZodType
  run(ctx: Context, input: unknown): Promise<unknown>
}

interface Definition<I extends z.ZodType, O extends z.ZodType> {
  readonly id: string
  readonly summary: string
  readonly caller?: Operation['caller']
  readonly status?: Operation['status']
  readonly input: I
  readonly output: O
  /** The verb checks the input itself; nothing else here does. */
  run(call: { ctx: Context; input: z.input<I> }): Promise<z.input<O>>
}

/** `operation('GET /connections/{id}', …)`. */
export function operation<I extends z.ZodType, O extends z.ZodType>(
  address: `${Method} /${string}`,
  definition: Definition<I, O>,
): Operation {
  const [method, path] = address.split(' ') as [Method, string]
  return {
    caller: 'somebody',
    status: 200,
    ...definition,
    method,
    path,
    run: (ctx, input) => definition.run({ ctx, input: input as z.input<I> }),
  }
}
