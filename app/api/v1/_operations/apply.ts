import { applyFile, applyFileInput, applyResult } from '#lib/services/manifest/apply'
import { exportedManifest, exportManifest, exportManifestInput } from '#lib/services/manifest/export'
import { operation } from '../_rest/operation'

export const manifestOperations = {
  apply: operation('POST /apply', {
    id: 'applyManifest',
    summary: 'Make the store say what a sallyport.yaml says, all of it or nothing; or tell what would change',
    input: applyFileInput,
    output: applyResult,
    run: applyFile,
  }),
  export: operation('GET /manifest', {
    id: 'exportManifest',
    summary: 'Connections, agents and policies as a sallyport.yaml, without secrets',
    input: exportManifestInput,
    output: exportedManifest,
    run: exportManifest,
  }),
}
