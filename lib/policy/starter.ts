import type { PolicyDocument } from '../domain/policy'

/**
 * What a store starts with: ordinary documents that an admin reads, copies, changes and deletes. Written so that a careful company
 * would leave them on.
 */
export const STARTER_POLICIES: readonly PolicyDocument[] = [
  {
    name: 'starter-access',
    text: `// Who is in a connection's access groups may run statements on it. What follows in the other
// starter documents takes exceptions from that. Without any permit, everything is refused.

@id("starter-access")
permit (principal, action == Action::"execute", resource)
when { context has sql };
`,
  },
  {
    name: 'starter-agents',
    text: `// Agents and services work alone. What destroys, or what the gateway cannot see through, waits
// until an approver has looked at it. Reading, inserting, and changing rows that a WHERE names go through.
// A connection with the tag guard: off is left out of all starter rules.

@id("starter-agents-code")
@hold("role:approver")
@reason("This runs code whose effects the gateway does not know. For an agent, a person looks at it first.")
forbid (principal, action == Action::"execute", resource)
when {
  (principal is Agent || principal is Service) &&
  context has sql &&
  context.sql.standing != "clear"
}
unless {
  context.approvedBy.contains("role:approver") ||
  (resource.hasTag("guard") && resource.getTag("guard") == "off")
};

// What is defined here runs later, from statements that look harmless: an INSERT fires a trigger.
@id("starter-agents-define")
@hold("role:approver")
@reason("This defines code that other statements run without showing it. For an agent, a person looks at it first.")
forbid (principal, action == Action::"execute", resource)
when {
  (principal is Agent || principal is Service) &&
  context has sql &&
  context.sql.kinds.contains("create") &&
  context.sql.objects.containsAny([
    "aggregate", "cast", "function", "operator", "procedure", "rule", "trigger"
  ])
}
unless {
  context.approvedBy.contains("role:approver") ||
  (resource.hasTag("guard") && resource.getTag("guard") == "off")
};

@id("starter-agents-destroy")
@hold("role:approver")
@reason("This drops, empties or alters what is there, or changes every row of a table. For an agent, a person looks at it first.")
forbid (principal, action == Action::"execute", resource)
when {
  (principal is Agent || principal is Service) &&
  context has sql &&
  (
    context.sql.kinds.containsAny(["drop", "truncate", "alter"]) ||
    !context.sql.unfiltered.isEmpty()
  )
}
unless {
  context.approvedBy.contains("role:approver") ||
  (resource.hasTag("guard") && resource.getTag("guard") == "off")
};
`,
  },
  {
    name: 'starter-everybody',
    text: `// For people and agents alike.

@id("starter-no-drop-database")
@reason("Whole databases and tablespaces are not dropped through the gateway.")
@alert("critical")
forbid (principal, action == Action::"execute", resource)
when {
  context has sql &&
  context.sql.kinds.contains("drop") &&
  context.sql.objects.containsAny(["database", "tablespace"])
}
unless { resource.hasTag("guard") && resource.getTag("guard") == "off" };

// Roles, rights, server settings, server files and programs, replication: who may do that decides
// who may do anything.
@id("starter-admin")
@hold("role:approver")
@alert("warning")
@reason("This administers the server: roles, rights, settings, files or replication. Somebody else looks at it first.")
forbid (principal, action == Action::"execute", resource)
when {
  context has sql &&
  (
    context.sql.kinds.containsAny([
      "grant", "revoke", "security", "system", "replication", "load", "copy-program", "copy-file"
    ]) ||
    // A name that is only known when it runs. RESET ALL and DISCARD ALL, which pools send, are no SET.
    (context.sql.settings.contains("*") && context.sql.kinds.contains("set"))
  )
}
unless {
  context.approvedBy.contains("role:approver") ||
  (resource.hasTag("guard") && resource.getTag("guard") == "off")
};
`,
  },
]
