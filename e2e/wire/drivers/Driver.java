import java.io.*;
import java.nio.charset.StandardCharsets;
import java.sql.*;
import java.util.*;
import org.postgresql.PGConnection;

/** Drives pgjdbc: server-side prepared statements, batches, fetch size, binary transfer, COPY, metadata, cancel. */
public class Driver {
  static void show(String step, Object... values) {
    System.out.println(step + ": " + Arrays.toString(values));
  }

  public static void main(String[] args) throws Exception {
    Properties p = new Properties();
    p.setProperty("user", System.getenv("PGUSER"));
    p.setProperty("password", System.getenv("PGPASSWORD"));
    p.setProperty("sslmode", "disable");
    p.setProperty("prepareThreshold", "2");
    String url = "jdbc:postgresql://127.0.0.1:" + System.getenv("PGPORT") + "/" + System.getenv("PGDATABASE");
    try (Connection c = DriverManager.getConnection(url, p)) {
      try (Statement s = c.createStatement()) {
        s.execute("CREATE TEMP TABLE t (id int primary key, name text, price numeric, data bytea, at timestamp)");
      }
      try (PreparedStatement s = c.prepareStatement("INSERT INTO t VALUES (?, ?, ?, ?, ?)")) {
        for (int i = 0; i < 200; i++) {
          s.setInt(1, i);
          s.setString(2, "naïve " + i);
          s.setBigDecimal(3, new java.math.BigDecimal(i + ".25"));
          s.setBytes(4, new byte[] {0, (byte) i});
          s.setTimestamp(5, Timestamp.valueOf("2026-01-02 03:04:05.678"));
          s.addBatch();
        }
        show("batch", s.executeBatch().length);
      }
      try (PreparedStatement s = c.prepareStatement("SELECT id, name, price, data, at FROM t WHERE id = ?")) {
        for (int i = 0; i < 6; i++) {
          s.setInt(1, i);
          try (ResultSet r = s.executeQuery()) {
            r.next();
            show("row", r.getInt(1), r.getString(2), r.getBigDecimal(3), r.getBytes(4)[1], r.getTimestamp(5));
          }
        }
      }
      c.setAutoCommit(false);
      try (Statement s = c.createStatement()) {
        s.setFetchSize(33);
        long sum = 0;
        try (ResultSet r = s.executeQuery("SELECT i FROM generate_series(1, 1000) i")) {
          while (r.next()) sum += r.getInt(1);
        }
        show("fetched in pieces", sum);
        Savepoint point = c.setSavepoint();
        try {
          s.execute("INSERT INTO t (id) VALUES (1)");
        } catch (SQLException e) {
          show("error", e.getSQLState());
        }
        c.rollback(point);
        try (ResultSet r = s.executeQuery("SELECT count(*) FROM t")) {
          r.next();
          show("after savepoint", r.getInt(1));
        }
      }
      c.commit();
      c.setAutoCommit(true);
      var copy = c.unwrap(PGConnection.class).getCopyAPI();
      show("copy in", copy.copyIn("COPY t (id, name) FROM STDIN", new StringReader("1000\ta\n1001\tb\n")));
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      show("copy out", copy.copyOut("COPY (SELECT id, name FROM t ORDER BY id) TO STDOUT", out), out.size());
      try (ResultSet r = c.getMetaData().getColumns(null, null, "t", null)) {
        List<String> names = new ArrayList<>();
        while (r.next()) names.add(r.getString("COLUMN_NAME") + " " + r.getString("TYPE_NAME"));
        show("metadata", names);
      }
      try (Statement s = c.createStatement()) {
        s.setQueryTimeout(1);
        s.execute("SELECT pg_sleep(60)");
      } catch (SQLException e) {
        show("cancelled", e.getSQLState());
      }
      try (Statement s = c.createStatement(); ResultSet r = s.executeQuery("SELECT 'usable'")) {
        r.next();
        show("after cancel", r.getString(1));
      }
    }
  }
}
