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

// All that the statement does is known.
@id("starter-access")
permit (principal, action == Action::"execute", resource)
when { context has sql && context.sql.standing == "clear" };

// It runs code whose effects are not known (opaque), or cannot be understood at all (unparsed). For agents and services
// starter-agents-code takes an exception. Delete this one, and nobody runs such statements.
@id("starter-access-code")
permit (principal, action == Action::"execute", resource)
when { context has sql && ["opaque", "unparsed"].contains(context.sql.standing) };
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
    "aggregate", "cast", "conversion", "function", "operator", "operator-class", "operator-family", "procedure",
    "rule", "trigger"
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

// Roles, rights, server settings, server files and programs, the server's own tables, replication: who may do that
// decides who may do anything.
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
    (context.sql.settings.contains("*") && context.sql.kinds.contains("set")) ||
    // What the server loads, what it logs, and what keeps its own tables whole.
    context.sql.settings.containsAny([
      "allow_system_table_mods", "dynamic_library_path", "event_triggers", "ignore_checksum_failure",
      "ignore_system_indexes", "jit_provider", "lo_compat_privileges", "local_preload_libraries", "log_duration",
      "log_min_duration_statement", "log_min_error_statement", "log_min_messages", "log_statement", "pgaudit.log",
      "session_preload_libraries", "zero_damaged_pages"
    ])
  )
}
unless {
  context.approvedBy.contains("role:approver") ||
  (resource.hasTag("guard") && resource.getTag("guard") == "off")
};
`,
  },
]
