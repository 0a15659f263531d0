/** An ILIKE pattern that finds `text` anywhere, with nothing in it meaning more than itself. */
export function containing(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`
}
