import type { Findings } from './findings'
import { addSetting } from './settings'
import { constantString, unwrap } from './tree'

/** What a call of set_config touches: its first argument, or any setting where that is not a plain constant. */
export function findSetConfig(found: Findings, args: readonly unknown[]): void {
  const named = args.some((arg) => unwrap(arg, 'NamedArgExpr') !== null)
  const name = named ? null : constantString(args[0])
  found.kinds.add('set')
  addSetting(found, name ?? '*', constantString(args[1]))
}
