import { z } from 'zod'
import { overview, readOverview, readOverviewInput } from '#lib/services/overview/read'
import { pageOf } from '#lib/services/paging'
import { endSession, endSessionInput } from '#lib/services/sessions/end'
import { listSessions, listSessionsInput } from '#lib/services/sessions/list'
import { eventPage, listEvents, listEventsInput } from '#lib/services/sessions/list-events'
import { listStatements, listStatementsInput, statementPage } from '#lib/services/sessions/list-statements'
import { readSession, sessionDetail, sessionIdInput } from '#lib/services/sessions/read'
import { readResult, readResultInput, statementResult } from '#lib/services/sessions/read-result'
import { readStatement, readStatementInput, statementDetail } from '#lib/services/sessions/read-statement'
import { sessionItem } from '#lib/services/sessions/session-item'
import { sessionVerdict, verifySession, verifySessionInput } from '#lib/services/sessions/verify'
import { operation } from '../_rest/operation'

export const sessionOperations = {
  list: operation('GET /sessions', {
    id: 'listSessions',
    summary: 'Sessions, newest first',
    input: listSessionsInput,
    output: pageOf(sessionItem),
    run: listSessions,
  }),
  read: operation('GET /sessions/{id}', {
    id: 'readSession',
    summary: 'One session',
    input: sessionIdInput,
    output: sessionDetail,
    run: readSession,
  }),
  end: operation('POST /sessions/{id}/end', {
    id: 'endSession',
    summary: 'End a live session',
    input: endSessionInput,
    output: z.object({ id: z.string() }),
    run: endSession,
  }),
  events: operation('GET /sessions/{id}/events', {
    id: 'listEvents',
    summary: 'Events of a session in order, each with its place in the hash chain',
    input: listEventsInput,
    output: eventPage,
    run: listEvents,
  }),
  statements: operation('GET /sessions/{id}/statements', {
    id: 'listStatements',
    summary: 'Statements of a session in order, joined with their outcomes',
    input: listStatementsInput,
    output: statementPage,
    run: listStatements,
  }),
  statement: operation('GET /sessions/{id}/statements/{op}', {
    id: 'readStatement',
    summary: 'One statement with its whole text and bound values',
    input: readStatementInput,
    output: statementDetail,
    run: readStatement,
  }),
  result: operation('GET /sessions/{id}/statements/{op}/result', {
    id: 'readResult',
    summary: 'What the client saw for one statement',
    input: readResultInput,
    output: statementResult,
    run: readResult,
  }),
  verify: operation('POST /sessions/{id}/verify', {
    id: 'verifySession',
    summary: 'Recompute the hash chain and the hashes of every recorded byte',
    input: verifySessionInput,
    output: sessionVerdict,
    run: verifySession,
  }),
}

export const overviewOperations = {
  read: operation('GET /overview', {
    id: 'readOverview',
    summary: 'What is going on right now',
    input: readOverviewInput,
    output: overview,
    run: readOverview,
  }),
}
