/**
 * What policies may speak about. Relation names stand in `reads` and `writes` as `name` and as `schema.name`; see docs/policies.md.
 * Whatever is added here is added to `context.ts` and to the documentation.
 */
export const CEDAR_SCHEMA = `
entity Group;
entity Person in [Group] = { name: String, email: String };
entity Agent in [Group] = { name: String, owner: String };
entity Service in [Group] = { name: String, owner: String };
entity Connection = { name: String, protocol: String, database: String } tags String;

type Sql = {
  standing: String,
  readOnly: Bool,
  kinds: Set<String>,
  statements: Long,
  reads: Set<String>,
  writes: Set<String>,
  columns: Set<String>,
  functions: Set<String>,
  unknownFunctions: Set<String>,
  unfiltered: Set<String>,
  objects: Set<String>,
  settings: Set<String>
};

action execute appliesTo {
  principal: [Person, Agent, Service],
  resource: [Connection],
  context: {
    sql?: Sql,
    type: String,
    approvedBy: Set<String>,
    database: String,
    targetUser: String,
    client: { address: ipaddr, application: String },
    run?: { id: String, label: String },
    time: datetime,
    hour: Long,
    weekday: Long
  }
};
`
