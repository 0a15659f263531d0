import { FilterTabs } from '../../../_components/filter-tabs'

const TABS = [
  ['documents', 'Documents', '/policies'],
  ['explain', 'Explain a decision', '/policies/explain'],
  ['changes', 'Changes', '/policies/changes'],
] as const

/** The views of what is in force. */
export function PolicyTabs({ current }: { current: (typeof TABS)[number][0] }) {
  return (
    <FilterTabs
      label="Views of the policies"
      tabs={TABS.map(([id, label, href]) => ({ label, href, current: id === current }))}
    />
  )
}
