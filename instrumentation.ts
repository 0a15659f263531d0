/** Next calls this once when the portal's server starts. A build has no store and no work to do. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs' || process.env.SALLYPORT_STORE_URL === undefined) return
  const { startBackground } = await import('./lib/auth/background')
  startBackground()
}
