import { publicUrl } from '#lib/auth/context'
import { openApiDocument } from '../v1/_rest/openapi'

/** The API as an OpenAPI document, made from the same schemas that check its inputs. */
export function GET(): Response {
  return Response.json(openApiDocument(publicUrl('/api/v1')))
}

export const dynamic = 'force-dynamic'
