import { describe, expect, test } from 'vitest'
import { LIMITS } from '../../domain/limits'
import { analyse } from './analyse'

/** Trees as a later grammar may give them. */
const found = (stmt: unknown) => analyse([{ stmt }], LIMITS)

describe('what the grammar may give one day', () => {
  test('a command that is not known is opaque and changes something', () => {
    const { opaque, changes, kinds } = found({ FutureStmt: {} }) ?? {}
    expect([...(opaque ?? [])]).toContain('a command that is not known: FutureStmt')
    expect(changes).toBe(true)
    expect([...(kinds ?? [])]).toEqual(['other'])
  })

  test('a field that is not known is opaque', () => {
    const { opaque } = found({ SelectStmt: { futureClause: true } }) ?? {}
    expect([...(opaque ?? [])]).toEqual(['syntax that is not known: SelectStmt.futureClause'])
  })

  test('a node that is not known is opaque, wherever it stands', () => {
    const { opaque } = found({ SelectStmt: { whereClause: { FutureExpr: {} } } }) ?? {}
    expect([...(opaque ?? [])]).toEqual(['syntax that is not known: FutureExpr'])
  })

  test('no command at all is opaque', () => {
    expect(found(undefined)?.opaque.size).toBe(1)
  })
})
