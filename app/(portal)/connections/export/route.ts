import { requireContext } from '#lib/auth/context'
import { toSallyportError } from '#lib/domain/errors'
import { exportManifest } from '#lib/services/manifest/export'

/** Connections and agents as the file that `sallyport apply` reads. Secrets are not in it. */
export async function GET(): Promise<Response> {
  const ctx = await requireContext()
  try {
    const { file } = await exportManifest({ ctx, input: {} })
    return new Response(file, {
      headers: {
        'content-type': 'application/yaml; charset=utf-8',
        'content-disposition': 'attachment; filename="sallyport.yaml"',
        'cache-control': 'no-store',
      },
    })
  } catch (error) {
    const { status, message } = toSallyportError(error)
    return new Response(`${message}\n`, { status, headers: { 'content-type': 'text/plain; charset=utf-8' } })
  }
}
