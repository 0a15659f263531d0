/** A text to start a policy from. */
export interface Recipe {
  /** Also the name that is proposed. */
  readonly name: string
  readonly title: string
  readonly about: string
  readonly text: string
}

/** What companies ask for most, from holding little to refusing much. Every one is in force as it stands. */
export const RECIPES: readonly Recipe[] = [
  {
    name: 'prod-writes-held',
    title: 'Hold every write to production',
    about: 'Whatever is not known to only read waits for an approver, whoever sends it.',
    text: `// Whatever is not known to only read, on connections tagged env=prod, waits for an approver.
@reason("Changes to production need an approver.")
@hold("role:approver")
forbid (principal, action == Action::"execute", resource)
when { resource.hasTag("env") && resource.getTag("env") == "prod" }
unless { context has sql && context.sql.readOnly }
unless { context.approvedBy.contains("role:approver") };
`,
  },
  {
    name: 'schema-changes-two-people',
    title: 'Two people for changes of the schema',
    about: 'CREATE, ALTER and DROP wait for two different approvers.',
    text: `// Changes of the schema wait for two different approvers, never the one who asks.
@reason("Changes of the schema need two approvers.")
@hold("role:approver")
@quorum("2")
forbid (principal, action == Action::"execute", resource)
when { context has sql && context.sql.kinds.containsAny(["create", "alter", "drop", "truncate"]) }
unless { context.approvedBy.contains("role:approver") };
`,
  },
  {
    name: 'agents-read-only',
    title: 'Agents only read',
    about: 'An agent’s statement that may change anything is refused, not held.',
    text: `// Agents may read. What may change anything is refused.
@reason("Agents may only read here. Ask a person to make the change.")
forbid (principal is Agent, action == Action::"execute", resource)
unless { context has sql && context.sql.readOnly };
`,
  },
  {
    name: 'table-for-one-group',
    title: 'A table for one group only',
    about: 'Nobody outside of the group reads or writes it, under any name.',
    text: `// Only the group payroll touches public.salaries. What cannot be understood might, and is refused, too.
@reason("Salaries are for the group payroll.")
forbid (principal, action == Action::"execute", resource)
unless { principal in Group::"payroll" }
unless {
  context has sql &&
  context.sql.standing == "clear" &&
  !context.sql.reads.contains("public.salaries") &&
  !context.sql.writes.contains("public.salaries")
};
`,
  },
  {
    name: 'no-bulk-copies',
    title: 'Refuse bulk copies',
    about: 'COPY out of the database is refused for agents and held for people.',
    text: `// Whole tables do not leave by COPY.
@id("no-bulk-copies-agents")
@reason("COPY out of the database is not for agents. Select the rows that you need.")
@alert("warning")
forbid (principal is Agent, action == Action::"execute", resource)
when { context has sql && context.sql.kinds.contains("copy-out") };

@id("no-bulk-copies-people")
@reason("A bulk copy needs an approver.")
@hold("role:approver")
forbid (principal is Person, action == Action::"execute", resource)
when { context has sql && context.sql.kinds.contains("copy-out") }
unless { context.approvedBy.contains("role:approver") };
`,
  },
  {
    name: 'quiet-hours',
    title: 'Quiet hours',
    about: 'Writes between 22:00 and 06:00 UTC, and at weekends, wait for an approver.',
    text: `// At night (UTC) and at weekends nothing changes without an approver.
@reason("Changes outside of working hours need an approver.")
@hold("role:approver")
forbid (principal, action == Action::"execute", resource)
when { context.hour >= 22 || context.hour < 6 || context.weekday == 0 || context.weekday == 6 }
unless { context has sql && context.sql.readOnly }
unless { context.approvedBy.contains("role:approver") };
`,
  },
  {
    name: 'whole-table-changes',
    title: 'No change of a whole table',
    about: 'UPDATE and DELETE without a WHERE wait for an approver, whoever sends them.',
    text: `// UPDATE and DELETE without a WHERE, or with one that is always true.
@reason("This changes every row of a table.")
@hold("role:approver")
@alert("warning")
forbid (principal, action == Action::"execute", resource)
when { context has sql && context.sql.unfiltered.containsAny(["update", "delete"]) }
unless { context.approvedBy.contains("role:approver") };
`,
  },
]

/** For whoever knows what they want. */
export const BLANK = `// What this is for.
@reason("What the client reads when it is refused.")
forbid (principal, action == Action::"execute", resource)
when { context has sql && context.sql.kinds.contains("drop") };
`
