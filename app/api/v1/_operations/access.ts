import { z } from 'zod'
import { auditItem, listAudit, listAuditInput } from '#lib/services/audit/list'
import { pageOf } from '#lib/services/paging'
import { listRoles, listRolesInput, roleItem } from '#lib/services/roles/list'
import { setRole, setRoleInput } from '#lib/services/roles/set'
import { listRuns, listRunsInput, runItem } from '#lib/services/runs/list'
import { readRun, readRunInput } from '#lib/services/runs/read'
import { listTokens, listTokensInput } from '#lib/services/tokens/list'
import { mintedToken, mintToken, mintTokenInput } from '#lib/services/tokens/mint'
import { readToken } from '#lib/services/tokens/read'
import { revokeToken, revokeTokenInput } from '#lib/services/tokens/revoke'
import { tokenItem } from '#lib/services/tokens/token-item'
import { operation } from '../_rest/operation'

export const tokenOperations = {
  list: operation('GET /tokens', {
    id: 'listTokens',
    summary: 'Access tokens, newest first; never the tokens themselves',
    input: listTokensInput,
    output: pageOf(tokenItem),
    run: listTokens,
  }),
  mint: operation('POST /tokens', {
    id: 'mintToken',
    summary: 'Mint an access token for the gateway; it is shown this once',
    status: 201,
    input: mintTokenInput,
    output: mintedToken,
    run: mintToken,
  }),
  read: operation('GET /tokens/{id}', {
    id: 'readToken',
    summary: 'One access token, without the token',
    input: revokeTokenInput,
    output: tokenItem,
    run: readToken,
  }),
  revoke: operation('DELETE /tokens/{id}', {
    id: 'revokeToken',
    summary: 'Revoke an access token; its live sessions end',
    input: revokeTokenInput,
    output: tokenItem,
    run: revokeToken,
  }),
}

export const runOperations = {
  list: operation('GET /runs', {
    id: 'listRuns',
    summary: 'Agent jobs, newest first',
    input: listRunsInput,
    output: pageOf(runItem),
    run: listRuns,
  }),
  read: operation('GET /runs/{id}', {
    id: 'readRun',
    summary: 'One agent job',
    input: readRunInput,
    output: runItem,
    run: readRun,
  }),
}

export const roleOperations = {
  list: operation('GET /roles', {
    id: 'listRoles',
    summary: 'Which groups have which role',
    input: listRolesInput,
    output: z.object({ items: z.array(roleItem), nextCursor: z.null() }),
    run: async (call) => ({ ...(await listRoles(call)), nextCursor: null }),
  }),
  set: operation('PUT /roles/{role}', {
    id: 'setRole',
    summary: 'Give a role to exactly these groups',
    input: setRoleInput,
    output: roleItem,
    run: setRole,
  }),
}

export const auditOperations = {
  list: operation('GET /audit', {
    id: 'listAudit',
    summary: 'What was done in portal, API and command line, newest first',
    input: listAuditInput,
    output: pageOf(auditItem),
    run: listAudit,
  }),
}
