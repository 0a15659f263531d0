"""Drives psycopg (libpq, extended protocol, pipeline mode) and psycopg2 against a connection that holds what destroys."""
import sys, threading, time
import psycopg, psycopg2

def cancel():
    conn = psycopg2.connect("")
    conn.autocommit = True
    def take_back():
        time.sleep(2)
        conn.cancel()
    threading.Thread(target=take_back, daemon=True).start()
    cur = conn.cursor()
    try:
        cur.execute("DROP TABLE t")
    except psycopg2.Error as error:
        print(error.pgcode, error.diag.message_primary)
    print("held", any("[sallyport:held" in notice for notice in conn.notices))
    cur.execute("SELECT 1")
    print("usable", cur.fetchone()[0])

def pipeline():
    with psycopg.connect("", autocommit=True) as conn:
        with conn.pipeline():
            before = conn.execute("SELECT %s::int", [1])
            deleted = conn.execute("DELETE FROM t")
            behind = conn.execute("INSERT INTO log VALUES (%s)", ["behind"])
        print("before", before.fetchone()[0])
        print("deleted", deleted.rowcount)
        print("behind", behind.rowcount)

def rejected_pipeline():
    with psycopg.connect("", autocommit=True) as conn:
        try:
            with conn.pipeline() as pipe:
                first = conn.execute("DELETE FROM t")
                second = conn.execute("SELECT %s::int", [2])
                pipe.sync()
        except psycopg.Error as error:
            print("rejected", error.sqlstate)
        try:
            print("ran", second.fetchone()[0])
        except psycopg.Error:
            print("skipped")
        print("next segment", conn.execute("SELECT %s::int", [1]).fetchone()[0])

{"cancel": cancel, "pipeline": pipeline, "rejected-pipeline": rejected_pipeline}[sys.argv[1]]()
