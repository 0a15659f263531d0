import { SERVER_FUNCTIONS } from '../harmless/server-functions'
import { INFORMATION_SCHEMA_FUNCTIONS } from '../harmless/server-names'
import { INFORMATION_SCHEMA_RELATIONS, SERVER_RELATIONS } from '../harmless/server-relations'
import { SERVER_SUPPORT } from '../harmless/server-support'

interface Named {
  readonly schema: string
  readonly name: string
}

/** Numbers below are those of what the server brings along. */
const FIRST_OF_OTHERS = 16_384

export const isOwn = (oid: number): boolean => oid < FIRST_OF_OTHERS

/** A function of pg_catalog, by its name. */
export const isHarmlessName = (name: string): boolean => SERVER_FUNCTIONS.has(name) || SERVER_SUPPORT.has(name)

export const isHarmlessRoutine = ({ schema, name }: Named): boolean =>
  schema === 'information_schema' ? INFORMATION_SCHEMA_FUNCTIONS.has(name) : isHarmlessName(name)

export const isHarmlessRelation = ({ schema, name }: Named): boolean =>
  (schema === 'information_schema' ? INFORMATION_SCHEMA_RELATIONS : SERVER_RELATIONS).has(name)
