"""Drives psycopg2 (libpq, simple protocol) and asyncpg (own binary protocol); prints one JSON line a step."""
import asyncio, datetime, decimal, io, json, os, sys, uuid
import asyncpg, psycopg2

def show(step, value):
    print(json.dumps([step, value], default=str, sort_keys=True))

def with_psycopg():
    conn = psycopg2.connect("")
    cur = conn.cursor()
    cur.execute("CREATE TEMP TABLE t (id int, name text, data bytea, price numeric, at timestamptz)")
    cur.execute("INSERT INTO t VALUES (%s, %s, %s, %s, %s)", (1, "Zoë 'quoted' \\ back", psycopg2.Binary(bytes(range(256))), decimal.Decimal("12.50"), datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc)))
    cur.execute("SELECT id, name, data, price, at AT TIME ZONE 'UTC' FROM t")
    row = cur.fetchone()
    show("psycopg2 row", [row[0], row[1], bytes(row[2]).hex(), row[3], row[4]])
    conn.commit()
    try:
        cur.execute("SELECT 1/0")
    except psycopg2.Error as error:
        show("psycopg2 error", [error.pgcode, error.diag.message_primary])
    conn.rollback()
    cur.execute("SELECT count(*) FROM t")
    show("psycopg2 after rollback", cur.fetchone())
    cur.copy_expert("COPY t (id, name) FROM STDIN", io.StringIO("".join(f"{i}\tname {i}\n" for i in range(1000))))
    out = io.StringIO()
    cur.copy_expert("COPY (SELECT id, name FROM t ORDER BY id, name) TO STDOUT", out)
    show("psycopg2 copy", [len(out.getvalue()), out.getvalue()[-40:]])
    named = conn.cursor("server_side")
    named.itersize = 100
    named.execute("SELECT i FROM generate_series(1, 1000) i")
    show("psycopg2 cursor", sum(r[0] for r in named))
    cur.execute("SELECT lo_from_bytea(0, %s)", (psycopg2.Binary(b"x" * 100000),))
    oid = cur.fetchone()[0]
    cur.execute("SELECT length(lo_get(%s)), lo_unlink(%s)", (oid, oid))
    show("psycopg2 large object", cur.fetchone())
    conn.commit()
    conn.close()

async def with_asyncpg():
    conn = await asyncpg.connect(ssl=False, database=os.environ["PGDATABASE"])
    show("asyncpg binary", list(await conn.fetchrow("SELECT $1::int8, $2::text, $3::bytea, $4::numeric, $5::uuid, $6::timestamptz, $7::text[], $8::jsonb, NULL::int, 1.5::float8, true", 2**40, "ünï", b"\x00\xff", decimal.Decimal("3.14159"), uuid.UUID(int=7), datetime.datetime(2026, 5, 6, tzinfo=datetime.timezone.utc), ["a", None, "c"], json.dumps({"k": [1, 2]}))))
    statement = await conn.prepare("SELECT i, i * 2 FROM generate_series(1, $1) i")
    show("asyncpg prepared", [len(await statement.fetch(10)), len(await statement.fetch(2000))])
    async with conn.transaction():
        seen = 0
        async for record in conn.cursor("SELECT i FROM generate_series(1, 500) i", prefetch=50):
            seen += record[0]
        show("asyncpg portal in pieces", seen)
    try:
        async with conn.transaction():
            await conn.execute("CREATE TEMP TABLE u (id int PRIMARY KEY)")
            await conn.executemany("INSERT INTO u VALUES ($1)", [(i,) for i in range(100)])
            await conn.execute("INSERT INTO u VALUES (1)")
    except asyncpg.UniqueViolationError as error:
        show("asyncpg error", error.sqlstate)
    await conn.execute("CREATE TEMP TABLE c (id int, name text)")
    await conn.copy_records_to_table("c", records=[(i, f"n{i}") for i in range(5000)])
    show("asyncpg binary copy in", await conn.fetchval("SELECT count(*) FROM c"))
    out = io.BytesIO()
    await conn.copy_from_query("SELECT * FROM c ORDER BY id", output=out, format="binary")
    show("asyncpg binary copy out", len(out.getvalue()))
    heard = asyncio.get_running_loop().create_future()
    await conn.add_listener("bell", lambda c, pid, channel, payload: heard.done() or heard.set_result(payload))
    await conn.execute("NOTIFY bell, 'ding'")
    show("asyncpg notification", await asyncio.wait_for(heard, 10))
    try:
        await asyncio.wait_for(conn.execute("SELECT pg_sleep(60)"), 0.5)
    except asyncio.TimeoutError:
        show("asyncpg cancelled by time-out", await conn.fetchval("SELECT 'usable'"))
    await conn.close()

with_psycopg()
asyncio.run(with_asyncpg())
