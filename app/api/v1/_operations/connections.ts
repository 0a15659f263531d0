import { z } from 'zod'
import { isId } from '#lib/domain/ids'
import { connectionSummary, testItem } from '#lib/services/connections/connection-item'
import { createConnection, createConnectionInput } from '#lib/services/connections/create'
import { deleteConnection } from '#lib/services/connections/delete'
import { disableConnection } from '#lib/services/connections/disable'
import { enableConnection } from '#lib/services/connections/enable'
import { listConnections, listConnectionsInput } from '#lib/services/connections/list'
import { connectionDetail, readConnection } from '#lib/services/connections/read'
import { readTest, readTestInput } from '#lib/services/connections/read-test'
import { connectionIdInput } from '#lib/services/connections/set-state'
import { startedTest, startTest } from '#lib/services/connections/start-test'
import { updateConnection, updateConnectionInput } from '#lib/services/connections/update'
import { pageOf } from '#lib/services/paging'
import { operation } from '../_rest/operation'

export const connectionOperations = {
  list: operation('GET /connections', {
    id: 'listConnections',
    summary: 'Connections by name',
    input: listConnectionsInput,
    output: pageOf(connectionSummary),
    run: listConnections,
  }),
  create: operation('POST /connections', {
    id: 'createConnection',
    summary: 'Register a connection; its secrets are sealed to the proxies',
    status: 201,
    input: createConnectionInput,
    output: connectionDetail,
    run: createConnection,
  }),
  read: operation('GET /connections/{id}', {
    id: 'readConnection',
    summary: 'One connection, by id or name',
    input: connectionIdInput,
    output: connectionDetail,
    run: ({ ctx, input }) =>
      readConnection({ ctx, input: isId('connection', String(input.id)) ? { id: input.id } : { name: input.id } }),
  }),
  update: operation('PUT /connections/{id}', {
    id: 'updateConnection',
    summary: 'Change a connection; another address needs its secrets again',
    input: updateConnectionInput,
    output: connectionDetail,
    run: updateConnection,
  }),
  delete: operation('DELETE /connections/{id}', {
    id: 'deleteConnection',
    summary: 'Take a connection out of use for good',
    input: connectionIdInput,
    output: z.object({ id: z.string() }),
    run: deleteConnection,
  }),
  disable: operation('POST /connections/{id}/disable', {
    id: 'disableConnection',
    summary: 'Let nobody connect any more; live sessions end',
    input: connectionIdInput,
    output: connectionDetail,
    run: disableConnection,
  }),
  enable: operation('POST /connections/{id}/enable', {
    id: 'enableConnection',
    summary: 'Let people connect again',
    input: connectionIdInput,
    output: connectionDetail,
    run: enableConnection,
  }),
  test: operation('POST /connections/{id}/test', {
    id: 'testConnection',
    summary: 'Ask a proxy to test the connection step by step',
    status: 201,
    input: connectionIdInput,
    output: startedTest,
    run: startTest,
  }),
  readTest: operation('GET /tests/{id}', {
    id: 'readTest',
    summary: 'A connection test as far as it has come',
    input: readTestInput,
    output: testItem.extend({ connectionId: z.string() }),
    run: readTest,
  }),
}
