import { requireContext } from '#lib/auth/context'
import { CA_FILE } from '../../connections/_components/snippets'
import { readCaCertificate } from '../_components/ca-certificate'

/** The CA certificate of the gateway's listeners, PEM, for clients to check them by. */
export async function GET(): Promise<Response> {
  await requireContext()
  const certificate = await readCaCertificate()
  if (certificate === null)
    return new Response('This host has no CA certificate. It is tls/ca.pem in the home folder of the proxies.\n', {
      status: 404,
      headers: { 'content-type': 'text/plain; charset=utf-8' },
    })
  return new Response(certificate.pem, {
    headers: {
      'content-type': 'application/x-pem-file',
      'content-disposition': `attachment; filename="${CA_FILE}"`,
    },
  })
}
