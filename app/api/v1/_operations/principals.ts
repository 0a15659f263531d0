import { pageOf } from '#lib/services/paging'
import { createAgent, createAgentInput } from '#lib/services/principals/create-agent'
import { disablePrincipal } from '#lib/services/principals/disable'
import { enablePrincipal } from '#lib/services/principals/enable'
import { listPrincipals, listPrincipalsInput } from '#lib/services/principals/list'
import { principalItem } from '#lib/services/principals/principal-item'
import { principalIdInput, readPrincipal } from '#lib/services/principals/read'
import { readSelf, readSelfInput, selfItem } from '#lib/services/principals/read-self'
import { updateAgent, updateAgentInput } from '#lib/services/principals/update-agent'
import { operation } from '../_rest/operation'

export const principalOperations = {
  list: operation('GET /principals', {
    id: 'listPrincipals',
    summary: 'Persons, agents and services, newest first',
    input: listPrincipalsInput,
    output: pageOf(principalItem),
    run: listPrincipals,
  }),
  read: operation('GET /principals/{id}', {
    id: 'readPrincipal',
    summary: 'One person, agent or service',
    input: principalIdInput,
    output: principalItem,
    run: readPrincipal,
  }),
  disable: operation('POST /principals/{id}/disable', {
    id: 'disablePrincipal',
    summary: 'Shut a principal out; its sign-ins, tokens and live sessions end',
    input: principalIdInput,
    output: principalItem,
    run: disablePrincipal,
  }),
  enable: operation('POST /principals/{id}/enable', {
    id: 'enablePrincipal',
    summary: 'Let a principal in again',
    input: principalIdInput,
    output: principalItem,
    run: enablePrincipal,
  }),
  self: operation('GET /me', {
    id: 'readSelf',
    summary: 'Who the caller is',
    input: readSelfInput,
    output: selfItem,
    run: readSelf,
  }),
}

export const agentOperations = {
  list: operation('GET /agents', {
    id: 'listAgents',
    summary: 'Agents and services, newest first',
    input: listPrincipalsInput.omit({ automated: true }),
    output: pageOf(principalItem),
    run: ({ ctx, input }) => listPrincipals({ ctx, input: { ...input, automated: true } }),
  }),
  create: operation('POST /agents', {
    id: 'createAgent',
    summary: 'Register an agent or a service with the human who answers for it',
    status: 201,
    input: createAgentInput,
    output: principalItem,
    run: createAgent,
  }),
  update: operation('PATCH /agents/{id}', {
    id: 'updateAgent',
    summary: 'Change the groups or the owner of an agent or service',
    input: updateAgentInput,
    output: principalItem,
    run: updateAgent,
  }),
}
