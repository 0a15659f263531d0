import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Env, readEnv } from '#lib/config/env'
import { openStore, type Store } from '#lib/db/client'
import { systemClock as clock } from '#lib/domain/clock'
import { PROTOCOLS, type ProtocolName } from '#lib/domain/connection'
import { SallyportError } from '#lib/domain/errors'
import { type IdSource, newId, type WorkerId } from '#lib/domain/ids'
import { ownServices } from '#lib/network/own-services'
import { writeCatalog } from '#lib/services/gateway/catalogs'
import { closeReviews } from '#lib/services/gateway/close-reviews'
import { failTestsOf } from '#lib/services/gateway/connection-tests'
import { markUsed } from '#lib/services/gateway/mark-used'
import { publishSealingKey } from '#lib/services/gateway/publish-sealing-key'
import { createFactsOf } from '#lib/sql/facts'
import { storeAccess } from './adapters/access'
import { ConnectionTests } from './adapters/connection-tests'
import { storeConnections } from './adapters/connections'
import { followControl } from './adapters/control'
import { StoreHolds } from './adapters/holds'
import { storeIdentities } from './adapters/identity'
import { Lease } from './adapters/lease'
import { openLog } from './adapters/log'
import { StorePolicies } from './adapters/policies'
import { ownProcess, processLives } from './adapters/process-identity'
import { type ReaperParts, reapDeadWorkers } from './adapters/reaper'
import { type StartedRecorder, startRecorder } from './adapters/recorder'
import { AuditedRefusals } from './adapters/refusals'
import { loadSealingKey, type SealingKey } from './adapters/sealing-key'
import { StoreSignals } from './adapters/signals'
import { closeStaleTickets } from './adapters/stale-tickets'
import { AttemptLimit } from './core/attempt-limit'
import { createDial } from './core/dial'
import { HalfOpen } from './core/half-open'
import { type Listener, listen } from './core/listener'
import { type ListenerTls, openListenerTls } from './core/listener-tls'
import { SessionRegistry } from './core/live-session'
import type { Log } from './core/log'
import { type PipelineParts, serveClient } from './core/pipeline'
import type { Protocol } from './core/protocol'
import type { Dial } from './core/session-ports'
import { SessionWatch } from './core/session-watch'
import { sides } from './core/side'
import { WorkerLife } from './core/worker-life'
import { createProtocols } from './protocols'

/** How long running operations may take to finish when the worker is told to stop. */
const DRAIN_MS = 30_000
const STORE_CONNECTIONS = 10

const ids: IdSource = { now: () => clock.now(), random: (length) => randomBytes(length) }

void main()

/** One proxy worker, alone or under node:cluster. Tells its parent `{ ready: true }` once every listener accepts. */
async function main(): Promise<void> {
  const worker = newId('worker', ids)
  try {
    const env = readEnv()
    const log = openLog({ to: 1, level: env.SALLYPORT_LOG, base: { worker, pid: process.pid } })
    process.title = 'sallyport proxy'
    process.on('uncaughtException', (error) => die(log, error, 'an error that nobody caught'))
    const life = await startWorker(env, worker, log)
    stopWhenTold(life, log)
    process.send?.({ ready: true })
    log.info({}, 'ready')
  } catch (error) {
    const text = error instanceof SallyportError ? error.message : `The proxy cannot start: ${String(error)}`
    process.stderr.write(`${text}\n`)
    process.exit(1)
  }
}

/** What nobody caught may have left anything half done: the worker ends, the supervisor starts another, which recovers its sessions. */
function die(log: Log, error: unknown, message: string): never {
  log.error({ error }, message)
  process.exit(1)
}

/** The first request drains, the second does not wait for operations. Without its supervisor a worker does not live on. */
function stopWhenTold(life: WorkerLife, log: Log): void {
  const stop = () => {
    life.stop(DRAIN_MS).then(
      () => process.exit(0),
      (error) => die(log, error, 'the stop failed'),
    )
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  process.on('disconnect', stop)
}

async function startWorker(env: Env, worker: WorkerId, log: Log): Promise<WorkerLife> {
  const store = openStore(required(env, 'SALLYPORT_STORE_URL'), {
    max: STORE_CONNECTIONS,
    applicationName: 'sallyport proxy',
  })
  const key = await loadSealingKey(join(env.SALLYPORT_HOME, 'keys'), ids)
  const tls = await openListenerTls({
    home: env.SALLYPORT_HOME,
    url: env.SALLYPORT_URL,
    bind: env.SALLYPORT_BIND,
    certFile: env.SALLYPORT_TLS_CERT,
    keyFile: env.SALLYPORT_TLS_KEY,
    clock,
  })
  const lease = new Lease(store.db, { id: worker, host: hostname(), ...ownProcess() }, clock, log)
  await reachStore(store, lease, key)
  const recording = startRecorder({
    home: env.SALLYPORT_HOME,
    worker,
    storeUrl: required(env, 'SALLYPORT_RECORDER_URL'),
    limits: env.limits,
    clock,
    log,
  })
  recording.recoverAbandoned()
  return serve({ env, worker, log, store, key, tls, lease, recording })
}

async function reachStore(store: Store, lease: Lease, key: SealingKey): Promise<void> {
  try {
    await publishSealingKey(store.db, key)
    await lease.register()
  } catch (cause) {
    throw new SallyportError('startup_failed', 'The proxy cannot reach the store', { cause })
  }
}

interface Started {
  readonly env: Env
  readonly worker: WorkerId
  readonly log: Log
  readonly store: Store
  readonly key: SealingKey
  readonly tls: ListenerTls
  readonly lease: Lease
  readonly recording: StartedRecorder
}

async function serve(started: Started): Promise<WorkerLife> {
  const { env, worker, log, store, lease, recording } = started
  const registry = new SessionRegistry()
  const watch = new SessionWatch({ registry, access: storeAccess(store.db), clock, limits: env.limits, log })
  const policies = new StorePolicies({ db: store.db, clock, log, limits: env.limits })
  const holds = new StoreHolds({
    db: store.db,
    clock,
    log,
    random: ids.random,
    limits: env.limits,
    url: (review) => new URL(`/inbox?open=${review}`, env.SALLYPORT_URL).href,
  })
  const signals = new StoreSignals(store.sql, log, () => {
    void watch.recheck()
    void policies.keepFresh()
    void holds.look()
  })
  const dial = createDial({ allow: env.SALLYPORT_TARGET_ALLOW, own: ownServices(env), clock })
  const protocols = await createProtocols({
    limits: env.limits,
    signals,
    openSide: sides(dial),
    keepSnapshot: ({ items, ...where }) => {
      writeCatalog(store.db, { ...where, snapshot: items }).catch((error) =>
        log.warn({ error }, "a target's catalog could not be kept"),
      )
    },
    secureContext: () => started.tls.context(),
    factsOf: await createFactsOf(env.limits),
    sessionUrl: (session) => new URL(`/sessions/${session}`, env.SALLYPORT_URL).href,
    log,
  })
  const pipeline = pipelineParts(started, { registry, policies, holds, dial })
  const tests = new ConnectionTests({ ...pipeline, db: store.db, protocol: (name) => protocols[name] })
  await followControl(signals, {
    recheck: () => void watch.recheck(),
    runTests: () => void tests.runWaiting(),
    policiesChanged: () => void policies.keepFresh(),
    reviewDecided: () => void holds.look(),
  })
  const gateway = { db: store.db, clock, random: ids.random, limits: env.limits }
  policies.onChange(() => void closeStaleTickets({ ...gateway, policies, log }))
  // Nobody is let in before it is known what they may do.
  await policies.refresh()
  const listeners = await openListeners(env, log, protocols, pipeline)
  return new WorkerLife({
    log,
    registry,
    watch,
    listeners,
    renew: () => lease.renew(),
    release: async () => {
      await failTestsOf(store.db, worker)
      await lease.release()
    },
    reap: () => reapDeadWorkers(reaperParts(started)),
    runTests: () => tests.runWaiting(),
    readPolicies: () => policies.keepFresh(),
    closeReviews: (withinMs) => holds.drain(withinMs),
    refreshTls: () => started.tls.refresh(),
    drainRecorder: (withinMs) => recording.drain(withinMs),
    closeStores: () => store.close(),
    die: (reason) => die(log, reason, 'the worker must end at once'),
    wait: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => undefined),
  })
}

interface Judges {
  readonly registry: SessionRegistry
  readonly policies: StorePolicies
  readonly holds: StoreHolds
  readonly dial: Dial
}

function pipelineParts(
  { env, worker, log, store, key, recording }: Started,
  { registry, policies, holds, dial }: Judges,
): PipelineParts {
  return {
    doorway: new HalfOpen(env.limits),
    attempts: new AttemptLimit(clock, env.limits.authFailuresPerMinute),
    identities: storeIdentities(store.db),
    connections: storeConnections(store.db, key),
    refusals: new AuditedRefusals({ db: store.db, clock, random: ids.random }, log),
    recorder: recording.recorder,
    dial,
    decide: (access, header) => policies.decide(access, header),
    hold: ({ connection }) => ({ mode: connection.hold, holds, policies, limits: env.limits }),
    noteUse: ({ identity, connection }) => {
      const used = { tokenId: identity.tokenId, principalId: identity.principal.id, connectionId: connection.id }
      markUsed(store.db, used).catch((error) => log.warn({ error }, 'the use of a token could not be noted'))
    },
    registry,
    clock,
    worker,
    log,
    newSessionId: () => newId('session', ids),
    policyVersion: () => policies.version,
  }
}

function reaperParts({ env, worker, log, store, lease, recording }: Started): ReaperParts {
  return {
    store,
    self: worker,
    host: hostname(),
    log,
    limits: env.limits,
    contactMs: () => lease.contactMs,
    processLives,
    recover: (dead) => recording.recorder.recover(dead),
    closeReviews: (dead) =>
      closeReviews({ db: store.db, clock, random: ids.random }, { workerId: dead, why: 'worker-dead' }),
  }
}

async function openListeners(
  env: Env,
  log: Log,
  protocols: Readonly<Record<ProtocolName, Protocol>>,
  pipeline: PipelineParts,
): Promise<readonly Listener[]> {
  const ports: Readonly<Record<ProtocolName, number>> = { postgres: env.SALLYPORT_POSTGRES_PORT }
  return Promise.all(
    PROTOCOLS.map((name) =>
      listen(
        { host: env.SALLYPORT_BIND, port: ports[name], name },
        (client) => {
          void serveClient(pipeline, protocols[name], client)
        },
        log,
      ),
    ),
  )
}

function required(env: Env, name: 'SALLYPORT_STORE_URL' | 'SALLYPORT_RECORDER_URL'): string {
  const value = env[name]
  if (value === undefined)
    throw new SallyportError('startup_failed', `${name} is not set; start with bin/sallyport start`)
  return value
}
