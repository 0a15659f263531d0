/** Who one can be in the demo. */
export interface DemoAccount {
  readonly subject: string
  readonly email: string
  readonly name: string
  readonly groups: readonly string[]
  /** What the account is for, one line. */
  readonly purpose: string
}

export const DEMO_PASSWORD = 'demo'

export const DEMO_ACCOUNTS: readonly DemoAccount[] = [
  {
    subject: 'demo-admin',
    email: 'admin@example.com',
    name: 'Ada Admin',
    groups: ['sallyport-admins', 'engineers'],
    purpose: 'registers connections, people and agents',
  },
  {
    subject: 'demo-approver',
    email: 'approver@example.com',
    name: 'Petra Approver',
    groups: ['sallyport-approvers'],
    purpose: 'decides about what waits',
  },
  {
    subject: 'demo-auditor',
    email: 'auditor@example.com',
    name: 'Omar Auditor',
    groups: ['sallyport-auditors'],
    purpose: 'finds and replays what happened',
  },
  {
    subject: 'demo-engineer',
    email: 'engineer@example.com',
    name: 'Erin Engineer',
    groups: ['engineers'],
    purpose: 'connects to targets',
  },
]

/** Which of their groups has which role in the portal. */
export const DEMO_ROLES = [
  { role: 'admin', groups: ['sallyport-admins'] },
  { role: 'approver', groups: ['sallyport-approvers'] },
  { role: 'auditor', groups: ['sallyport-auditors'] },
  { role: 'engineer', groups: ['engineers'] },
] as const

/** The account that is meant by an address as somebody types it. */
export function findDemoAccount(email: string): DemoAccount | undefined {
  return DEMO_ACCOUNTS.find((account) => account.email === email.trim().toLowerCase())
}
