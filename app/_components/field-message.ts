/** A verb's message as it stands beside its field: the path in front of it need not be said again. */
export function fieldMessage(message: string): string {
  const words = message.replace(/^[a-zA-Z][a-zA-Z0-9.]*: /, '')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
