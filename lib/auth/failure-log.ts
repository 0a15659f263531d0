import type { SallyportError } from '../domain/errors'

/** Writes what a caller must not see to the portal's log: names and messages of errors, never inputs. */
export function logFailure(error: SallyportError): void {
  const chain: string[] = []
  for (let current: unknown = error; current instanceof Error; current = current.cause)
    chain.push(`${current.name}: ${firstLine(current)}`)
  const stack = (error.cause instanceof Error ? error.cause : error).stack?.split('\n').slice(1, 6).join('\n') ?? ''
  process.stderr.write(`portal: ${chain.join(' <- ')}\n${stack}\n`)
}

/** A failed query's message repeats its parameters after the first line. */
function firstLine(error: Error): string {
  return (error.message.split('\n')[0] ?? '').replace(/params: .*/s, '').slice(0, 500)
}
