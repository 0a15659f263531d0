import { Icon } from '#ui/icon'
import { signInHere } from '../actions'

const ACCOUNTS = ['Approver', 'Admin', 'Auditor', 'Engineer'] as const

/** Only where the demo provider runs: who one can be. */
export function DemoAccounts({ next }: { next: string }) {
  return (
    <section className="mt-6 border-t pt-4">
      <h2 className="text-sm font-strong">Demo accounts</h2>
      <p className="mb-1.5 text-sm text-fg-2">
        From the demo identity provider. Password: <code>demo</code>
      </p>
      <ul>
        {ACCOUNTS.map((role) => {
          const email = `${role.toLowerCase()}@example.com`
          return (
            <li key={role}>
              <form action={signInHere}>
                <input type="hidden" name="next" value={next} />
                <input type="hidden" name="account" value={email} />
                <button
                  type="submit"
                  className="-mx-2 grid h-9 w-[calc(100%+1rem)] grid-cols-[5.5rem_minmax(0,1fr)_auto] items-center gap-2 rounded-2 px-2 text-left hover:bg-hover max-phone:h-11"
                >
                  <span className="font-medium">{role}</span>
                  <span className="truncate text-fg-2">{email}</span>
                  <Icon name="fwd" className="text-fg-3" />
                </button>
              </form>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
