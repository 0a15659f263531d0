import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Guard } from './guard'

/** What a test does not need, or what a copy shares with the original. */
const LEFT_OUT = new Set(['node_modules', '.git', '.next', 'dist', '.sallyport'])

/** A copy of the sources in which guards are taken out, one at a time. */
export class Scratch {
  readonly folder = mkdtempSync(join(tmpdir(), 'sallyport-guards-'))

  constructor(root: string) {
    for (const name of readdirSync(root)) {
      if (!LEFT_OUT.has(name)) cpSync(join(root, name), join(this.folder, name), { recursive: true })
    }
    symlinkSync(join(root, 'node_modules'), join(this.folder, 'node_modules'))
  }

  /** Takes the guard out until the returned function is called. Throws when it is not where the table says, exactly once. */
  without({ name, file, find, replace }: Guard): () => void {
    const path = join(this.folder, file)
    const source = readFileSync(path, 'utf8')
    const places = source.split(find).length - 1
    if (places !== 1) throw new Error(`"${name}": its text stands ${places} times in ${file}; mend e2e/guards`)
    writeFileSync(
      path,
      source.replace(find, () => replace),
    )
    return () => writeFileSync(path, source)
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}
