import { Fragment, type ReactNode } from 'react'
import type { Env } from '#lib/config/env'
import type { Limits } from '#lib/domain/limits'
import type { CertificateFacts, GatewayState } from '#lib/services/settings/read'
import { Button } from '#ui/button'
import { Callout } from '#ui/callout'
import { CopyId } from '#ui/copy'
import { DefinitionList } from '#ui/definition-list'
import { Icon } from '#ui/icon'
import { RelativeTime } from '#ui/relative-time'
import { CA_FILE } from '../../connections/_components/snippets'
import { limitLines } from './limit-words'

/** Where sign-ins come from. The client's secret is not among what is shown. */
export function IdentityFacts({ env }: { env: Env }) {
  const issuer = env.SALLYPORT_OIDC_ISSUER
  return (
    <>
      {issuer ? null : (
        <Callout kind="held" title="This is the demo provider." className="mb-3">
          Anybody who can open it can sign in as anybody. Set SALLYPORT_OIDC_ISSUER, SALLYPORT_OIDC_CLIENT_ID and
          SALLYPORT_OIDC_CLIENT_SECRET before real use.
        </Callout>
      )}
      <DefinitionList
        items={[
          ['Issuer', <Mono key="issuer">{issuer ?? `http://localhost:${env.SALLYPORT_DEMO_OIDC_PORT}`}</Mono>],
          ['Client', <Mono key="client">{env.SALLYPORT_OIDC_CLIENT_ID ?? 'sallyport'}</Mono>],
          ['Groups claim', <Mono key="claim">{env.SALLYPORT_OIDC_GROUPS_CLAIM}</Mono>],
          ['Portal', <Mono key="portal">{env.SALLYPORT_URL}</Mono>],
        ]}
      />
    </>
  )
}

const LOOPBACK = /^(localhost|127\.|::1)/

export function ListenerFacts({ env, ca, now }: { env: Env; ca: CertificateFacts | null; now: number }) {
  const loopback = LOOPBACK.test(env.SALLYPORT_BIND)
  return (
    <DefinitionList
      items={[
        [
          'PostgreSQL',
          <Mono key="postgres">
            {new URL(env.SALLYPORT_URL).hostname}:{env.SALLYPORT_POSTGRES_PORT}
          </Mono>,
        ],
        ['Bound to', <Mono key="bind">{env.SALLYPORT_BIND}</Mono>],
        ['TLS', loopback ? 'offered; plain is accepted from this machine only' : 'required'],
        ...(env.SALLYPORT_TLS_CERT
          ? ([['Certificate', 'configured by SALLYPORT_TLS_CERT']] as const)
          : ca
            ? ([
                ['CA', ca.subject],
                ['Fingerprint', <Fingerprint key="print" parts={ca.fingerprint.split(/(?<=:)/)} />],
                ['Valid until', <RelativeTime key="until" at={ca.validTo} now={now} />],
                [
                  'Certificate',
                  <Button key="download" asChild size="sm">
                    <a href="/settings/ca" download={CA_FILE}>
                      <Icon name="download" size="sm" />
                      Download {CA_FILE}
                    </a>
                  </Button>,
                ],
              ] as const)
            : ([['CA', 'not on this host: tls/ca.pem in the home folder of the proxies']] as const)),
      ]}
    />
  )
}

export function KeyFacts({ keys, now }: { keys: GatewayState['sealingKeys']; now: number }) {
  if (keys.length === 0)
    return (
      <p className="text-sm text-fg-2">
        None yet: no proxy has started. Until one does, connections with secrets cannot be added.
      </p>
    )
  return (
    <ul className="grid gap-3">
      {keys.map((key, index) => (
        <li key={key.id}>
          <DefinitionList
            items={[
              ['Id', <CopyId key="id" id={key.id} />],
              ['SHA-256', <Fingerprint key="print" parts={key.fingerprint.split(/(?<=^(?:.{8})+)/)} />],
              ['Made', <RelativeTime key="made" at={Date.parse(key.createdAt)} now={now} />],
              ['Used for', index === 0 ? 'new secrets' : 'secrets sealed before the newer key'],
            ]}
          />
        </li>
      ))}
    </ul>
  )
}

export function WorkerFacts({ workers, now }: { workers: GatewayState['workers']; now: number }) {
  if (workers.length === 0)
    return (
      <Callout kind="denied" title="No proxy is running.">
        Nobody can connect and no test can run. Start one with sallyport start.
      </Callout>
    )
  return (
    <ul className="grid gap-1.5 text-sm">
      {workers.map((worker) => (
        <li key={worker.id} className="flex flex-wrap items-center gap-x-3">
          <CopyId id={worker.id} />
          <span className="text-fg-2">
            {worker.host}, process {worker.pid}
          </span>
          <span className="text-fg-3">
            started <RelativeTime at={Date.parse(worker.startedAt)} now={now} />
          </span>
        </li>
      ))}
    </ul>
  )
}

export function LimitFacts({ limits }: { limits: Limits }) {
  const lines = limitLines(limits)
  const groups = [...new Set(lines.map((line) => line.group))]
  return (
    <div className="grid gap-4 phone:grid-cols-2">
      {groups.map((group) => (
        <div key={group}>
          <h3 className="mb-1 text-sm font-medium">{group}</h3>
          <dl className="grid gap-1 text-sm">
            {lines
              .filter((line) => line.group === group)
              .map((line) => (
                <div key={line.label} className="flex justify-between gap-4">
                  <dt className="text-fg-3">{line.label}</dt>
                  <dd className="whitespace-nowrap">{line.value}</dd>
                </div>
              ))}
          </dl>
        </div>
      ))}
    </div>
  )
}

/** Breaks between its parts only, and copies as it is. */
function Fingerprint({ parts }: { parts: readonly string[] }) {
  return (
    <span className="mono">
      {parts.map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a part is its place
        <Fragment key={index}>
          {part}
          <wbr />
        </Fragment>
      ))}
    </span>
  )
}

function Mono({ children }: { children: ReactNode }) {
  return <span className="mono break-all">{children}</span>
}
