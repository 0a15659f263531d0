/**
 * The written list: all that the suite says otherwise than as it was published, on either route. These commands of psql call functions
 * by number (FunctionCall), which the gateway refuses, since a call by number hides what is called. Everything else must print the same.
 */
const REPLACEMENTS: readonly (readonly [command: RegExp, sql: string])[] = [
  [/^\\lo_import :(\w+)$/gm, `SELECT lo_import(:'$1') AS "LASTOID" \\gset`],
  [/^\\lo_export (:\w+) :(\w+)$/gm, "SELECT lo_export($1, :'$2');"],
  [/^\\lo_unlink (:?\w+)$/gm, 'SELECT lo_unlink($1);'],
]

/** psql's commands for large objects as calls of the server's functions by name. */
export function byName(script: string): string {
  return REPLACEMENTS.reduce((text, [command, sql]) => text.replaceAll(command, sql), script)
}
