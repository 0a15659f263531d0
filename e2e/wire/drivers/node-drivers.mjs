// Drives node-postgres and postgres.js: pipelining, named statements, cursors, LISTEN, COPY, errors.
import pg from 'pg'
import postgres from 'postgres'

const show = (step, value) => console.log(JSON.stringify([step, value]))
const { PGPORT, PGUSER, PGPASSWORD, PGDATABASE } = process.env

const client = new pg.Client({
  host: '127.0.0.1',
  port: Number(PGPORT),
  user: PGUSER,
  password: PGPASSWORD,
  database: PGDATABASE,
})
await client.connect()
show(
  'pg simple',
  (await client.query('SELECT 1 AS a; SELECT 2 AS b')).map((result) => result.rows),
)
show(
  'pg extended',
  (await client.query('SELECT $1::int + 1 AS n, $2::text AS t, $3::bytea AS b', [41, 'ü', Buffer.from([0, 255])])).rows,
)
for (let i = 0; i < 3; i++)
  show('pg named', (await client.query({ name: 'twice', text: 'SELECT $1::int * 2 AS n', values: [i] })).rows)
show('pg binary', (await client.query({ text: 'SELECT 7::int AS n', binary: true, values: [] })).rows)
show('pg error', await client.query('SELECT nope').catch((error) => [error.code, error.position]))
show('pg after error', (await client.query('SELECT now() IS NOT NULL AS ok')).rows)
show(
  'pg array rows',
  (await client.query({ text: 'SELECT i, i::text FROM generate_series(1, 3) i', rowMode: 'array' })).rows,
)
await client.end()

const sql = postgres({
  host: '127.0.0.1',
  port: Number(PGPORT),
  user: PGUSER,
  password: PGPASSWORD,
  database: PGDATABASE,
  max: 4,
  onnotice: () => {},
})
show(
  'postgres.js pipelined',
  await Promise.all(Array.from({ length: 200 }, (_, i) => sql`SELECT ${i}::int AS n`.then((rows) => rows[0].n))),
)
show(
  'postgres.js transaction',
  await sql.begin(async (tx) => {
    await tx`CREATE TEMP TABLE p (id int)`
    await tx`INSERT INTO p SELECT generate_series(1, 10)`
    return (await tx`SELECT sum(id) AS s FROM p`)[0].s
  }),
)
show(
  'postgres.js rollback',
  await sql
    .begin(async (tx) => {
      await tx`SELECT 1/0`
    })
    .catch((error) => error.code),
)
let seen = 0
await sql`SELECT i FROM generate_series(1, 1000) i`.cursor(77, (rows) => {
  for (const row of rows) seen += row.i
})
show('postgres.js cursor', seen)
const heard = new Promise((resolve) => {
  void sql.listen('tower', resolve).then(() => sql.notify('tower', 'clear'))
})
show('postgres.js notification', await heard)
const long = sql`SELECT pg_sleep(60)`
setTimeout(() => long.cancel(), 300)
show('postgres.js cancel', await long.catch((error) => error.code))
const out = await sql`COPY (SELECT generate_series(1, 100)) TO STDOUT`.readable()
let bytes = 0
for await (const chunk of out) bytes += chunk.length
show('postgres.js copy', bytes)
await sql.end()
