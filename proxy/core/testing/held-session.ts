import type { SessionHold } from '../hold-ports'
import type { HoldNotice, Operation, Ruling } from '../ports'
import { holdHarness } from './hold-parts'
import { eventsIn, FakeWriter, harness, header, query, turns } from './recorder-parts'

const ID = 'ses_aaaaaaaaaaaaaaaaaaaa'
export const END = { reason: 'client-closed', detail: 'The client disconnected.' } as const
export const done = { status: 'ok', rows: 0, statements: [] } as const

interface SetUp {
  readonly mode?: SessionHold['mode']
  readonly strict?: boolean
  readonly canHold?: boolean
}

/** A session whose operations with `held` in their text are held, over fakes of everything around its gate. */
export async function heldSession({ mode = 'wait', strict = false, canHold = true }: SetUp = {}) {
  const parts = harness()
  const { holds, policies, hold } = holdHarness(mode)
  const [client, upstream] = [new FakeWriter(), new FakeWriter()]
  const recorded = await parts.recorder.open({
    header: header(ID),
    recording: strict ? 'strict' : 'standard',
    client: client.asSocket(),
    decide: policies.decide,
    hold: canHold ? hold : null,
  })
  recorded.attach(upstream)
  const { gate } = recorded
  const notices: HoldNotice[] = []
  const decide = (operation: Operation = query('held', 'write')) =>
    gate.decide(operation, (notice) => void notices.push(notice))
  /** Decides; when it may be sent, sends and settles it. */
  const run = async (operation?: Operation): Promise<Ruling> => {
    const ruling = await decide(operation)
    if (ruling.effect === 'allow') {
      void gate.dispatch([ruling.permit], Buffer.from(operation?.text ?? 'held'))
      await turns()
      gate.settle(ruling.permit, done)
    }
    return ruling
  }
  const events = () => eventsIn(parts.disk.files, ID)
  const kinds = () => events().map(({ kind }) => kind.split('.')[1])
  return { parts, holds, policies, gate, recorded, client, upstream, notices, decide, run, events, kinds }
}

export const denialOf = (ruling: Ruling) => (ruling.effect === 'deny' ? ruling.denial : null)
