import java.io.PrintStream;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Savepoint;
import java.sql.Statement;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import org.postgresql.PGConnection;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** What programs do with pgJDBC. Prints one line for each row: the step, then cells by tabs. */
public final class Client {
    private static final String SLOW =
        "SELECT count(*) FROM pg_attribute a, pg_attribute b, pg_attribute c";
    private static final String[] REFUSED = {
        "SELECT nothing FROM kinds", "SELECT FROM WHERE", "SELECT 'open", "SELECT nothing FROM pg_class",
        "SHOW nothing", "FETCH 1 FROM nothing", "SAVEPOINT a", "EXECUTE nothing",
    };

    private final Properties properties;
    private final String url;
    private final PrintStream out;
    private final String prefix;

    private Client(String url, String user, String key, PrintStream out, String mode, String value) {
        this.url = url;
        this.out = out;
        this.prefix = value.isEmpty() ? "" : value + " ";
        properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", key);
        if (!value.isEmpty()) {
            properties.setProperty(mode, value);
        }
    }

    /** Arguments: URL, user, key; and `questions` for what costs a budget. */
    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        String url = arguments[0];
        String user = arguments[1];
        String key = arguments[2];
        Client plain = new Client(url, user, key, out, "", "");
        if (arguments.length > 3) {
            plain.questions();
        } else {
            plain.catalog();
            plain.bigResults();
            plain.transactions();
            plain.cancel();
            plain.copies();
            for (String[] mode : new String[][] {
                {"", ""}, {"prepareThreshold", "1"}, {"prepareThreshold", "-1"},
                {"preferQueryMode", "extendedForPrepared"}, {"preferQueryMode", "simple"},
            }) {
                Client client = new Client(url, user, key, out, mode[0], mode[1]);
                client.types();
                client.parameters();
                client.errors();
            }
        }
        out.flush();
    }

    private Connection connected() throws SQLException {
        return DriverManager.getConnection(url, properties);
    }

    private boolean simple() {
        return "simple".equals(properties.getProperty("preferQueryMode"));
    }

    private void say(String step, Object... cells) {
        StringBuilder line = new StringBuilder(prefix).append(step);
        for (Object cell : cells) {
            String text = cell == null ? "\\N" : cell.toString().replace("\\", "\\\\");
            line.append('\t').append(text.replace("\t", "\\t").replace("\n", "\\n"));
        }
        out.print(line.append('\n'));
    }

    private void rows(String step, ResultSet found) throws SQLException {
        int width = found.getMetaData().getColumnCount();
        int count = 0;
        while (found.next()) {
            Object[] cells = new Object[width];
            for (int i = 0; i < width; i++) {
                cells[i] = found.getString(i + 1);
            }
            say(step, cells);
            count++;
        }
        say(step + ": rows", count);
        found.close();
    }

    private void catalog() throws SQLException {
        try (Connection connection = connected()) {
            DatabaseMetaData meta = connection.getMetaData();
            say("server", meta.getDatabaseProductName(), meta.getDatabaseMajorVersion());
            say("user", meta.getUserName(), connection.getCatalog(), connection.getSchema());
            rows("getSchemas", meta.getSchemas());
            rows("getTableTypes", meta.getTableTypes());
            rows("getTables", meta.getTables(null, "public", "%", null));
            rows("getTables of views", meta.getTables(null, null, "long%", new String[] {"VIEW"}));
            rows("getColumns", meta.getColumns(null, "public", "%", "%"));
            rows("getTablePrivileges", meta.getTablePrivileges(null, "public", "%"));
            rows("getColumnPrivileges", meta.getColumnPrivileges(null, "public", "visits", "%"));
            rows("getFunctions", meta.getFunctions(null, "public", "%"));
            rows("getTypeInfo", meta.getTypeInfo());
            rows("getUDTs", meta.getUDTs(null, null, "%", null));
            rows("getCrossReference",
                meta.getCrossReference(null, "public", "kinds", null, "public", "visits"));
            for (String table : new String[] {"visits", "kinds", "numbers", "long_stays", "none"}) {
                rows("getPrimaryKeys " + table, meta.getPrimaryKeys(null, "public", table));
                rows("getImportedKeys " + table, meta.getImportedKeys(null, "public", table));
                rows("getExportedKeys " + table, meta.getExportedKeys(null, "public", table));
                rows("getIndexInfo " + table, meta.getIndexInfo(null, "public", table, false, true));
                rows("getBestRowIdentifier " + table,
                    meta.getBestRowIdentifier(null, "public", table, 2, true));
            }
            say("keywords", meta.getSQLKeywords().length() > 100);
            say("longest name", meta.getMaxColumnNameLength());
        }
    }

    private void types() throws SQLException {
        try (Connection connection = connected();
            PreparedStatement asked =
                connection.prepareStatement("SELECT * FROM kinds ORDER BY id")) {
            ResultSetMetaData meta = asked.getMetaData();
            for (int i = 1; i <= meta.getColumnCount(); i++) {
                say("types: column", meta.getColumnName(i), meta.getColumnTypeName(i),
                    meta.getColumnType(i), meta.getColumnClassName(i), meta.isSigned(i));
            }
            for (int run = 0; run < 3; run++) {
                ResultSet found = asked.executeQuery();
                while (found.next()) {
                    List<Object> cells = new ArrayList<>();
                    for (int i = 1; i <= meta.getColumnCount(); i++) {
                        cells.add(found.getString(i));
                        Object value = found.getObject(i);
                        cells.add(found.wasNull() ? null : value.getClass().getSimpleName());
                    }
                    cells.add(found.getObject("day", LocalDate.class));
                    cells.add(found.getObject("moment", LocalDateTime.class));
                    cells.add(found.getObject("zoned", OffsetDateTime.class));
                    say("types: run " + run, cells.toArray());
                }
            }
        }
    }

    private void parameters() throws SQLException {
        LocalDateTime moment = LocalDateTime.of(1999, 12, 31, 23, 59, 59, 999_999_000);
        Object[][] values = {
            {"id", 2}, {"flag", false}, {"small", (short) -32768}, {"whole", 0}, {"big", -1L},
            {"exact", new BigDecimal("-0.001")}, {"approximate", 1e300},
            {"word", "tab\t, \"quote\" and \\ ü €"}, {"day", LocalDate.of(1969, 12, 31)},
            {"moment", moment},
            {"zoned", OffsetDateTime.of(1970, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC)},
            {"zoned", OffsetDateTime.of(1970, 1, 1, 2, 0, 0, 0, ZoneOffset.ofHours(2))},
            {"approximate", 1e15}, {"id", 2L}, {"big", -1}, {"exact", 10000}, {"word", null},
        };
        try (Connection connection = connected()) {
            for (Object[] value : values) {
                String sql = "SELECT id FROM kinds WHERE " + value[0] + " = ?";
                try (PreparedStatement asked = connection.prepareStatement(sql)) {
                    for (int run = 0; run < 2; run++) {
                        asked.setObject(1, value[1]);
                        rows("parameter " + value[0], asked.executeQuery());
                    }
                }
            }
            if (!simple()) {
                // The simple protocol has it as the text '1969-12-31 +00', which is no date here.
                String sql = "SELECT id FROM kinds WHERE day = ?";
                try (PreparedStatement asked = connection.prepareStatement(sql)) {
                    asked.setDate(1, java.sql.Date.valueOf("1969-12-31"));
                    rows("parameter of java.sql.Date", asked.executeQuery());
                }
            }
            int[] kinds = {
                Types.INTEGER, Types.BIGINT, Types.NUMERIC, Types.DOUBLE, Types.VARCHAR,
                Types.BOOLEAN, Types.DATE, Types.TIMESTAMP,
            };
            String[] columns =
                {"whole", "big", "exact", "approximate", "word", "flag", "day", "moment"};
            for (int i = 0; i < kinds.length; i++) {
                String sql = "SELECT id FROM kinds WHERE " + columns[i] + " = ? OR id = 1 ORDER BY id";
                try (PreparedStatement asked = connection.prepareStatement(sql)) {
                    asked.setNull(1, kinds[i]);
                    rows("NULL for " + columns[i], asked.executeQuery());
                }
            }
            try (PreparedStatement asked = connection.prepareStatement(
                "SELECT id FROM kinds WHERE id BETWEEN ? AND ? AND word <> ? ORDER BY id LIMIT ?")) {
                asked.setInt(1, 1);
                asked.setInt(2, 4);
                asked.setString(3, "plain");
                asked.setInt(4, 1);
                rows("several", asked.executeQuery());
                if (!simple()) {
                    ParameterMetaData meta = asked.getParameterMetaData();
                    for (int i = 1; i <= meta.getParameterCount(); i++) {
                        say("several: parameter", meta.getParameterTypeName(i));
                    }
                }
            }
        }
    }

    private void errors() throws SQLException {
        try (Connection connection = connected(); Statement statement = connection.createStatement()) {
            for (String sql : REFUSED) {
                try {
                    statement.execute(sql);
                    say("error", sql, "none");
                } catch (PSQLException error) {
                    ServerErrorMessage told = error.getServerErrorMessage();
                    // There is none where the driver itself has refused the text.
                    say("error", sql, error.getSQLState(), told == null ? null : told.getSeverity());
                }
            }
            rows("after errors", statement.executeQuery("SELECT 1"));
            if (simple()) {
                return; // a text that is compared with a number has another SQLSTATE here
            }
            try (PreparedStatement asked =
                connection.prepareStatement("SELECT id FROM kinds WHERE id = ?")) {
                asked.setObject(1, "no number", Types.OTHER);
                asked.executeQuery();
            } catch (SQLException error) {
                say("error of a value", error.getSQLState());
            }
        }
    }

    private void bigResults() throws SQLException {
        try (Connection connection = connected()) {
            connection.setAutoCommit(false);
            try (PreparedStatement asked =
                connection.prepareStatement("SELECT n, label FROM numbers ORDER BY n")) {
                for (int size : new int[] {0, 1, 700, 20_000, 50_000}) {
                    asked.setFetchSize(size);
                    asked.setMaxRows(size == 1 ? 50 : 0);
                    ResultSet found = asked.executeQuery();
                    long sum = 0;
                    int count = 0;
                    String last = "";
                    while (found.next()) {
                        sum += found.getLong(1);
                        last = found.getString(2);
                        count++;
                    }
                    say("fetch size " + size, count, sum, last);
                }
            }
            try (Statement scrolling = connection.createStatement(
                ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_READ_ONLY)) {
                ResultSet found = scrolling.executeQuery("SELECT n FROM numbers ORDER BY n");
                found.absolute(-2);
                say("scrolled", found.getString(1), found.getRow());
                found.first();
                say("scrolled", found.getString(1), found.getRow());
            }
            connection.rollback();
        }
    }

    private void transactions() throws SQLException {
        try (Connection connection = connected(); Statement statement = connection.createStatement()) {
            connection.setReadOnly(true);
            connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
            say("isolation", connection.getTransactionIsolation());
            connection.setAutoCommit(false);
            rows("in a transaction", statement.executeQuery("SELECT id FROM kinds WHERE id = 4"));
            Savepoint here = connection.setSavepoint("here");
            try {
                statement.execute("SELECT nothing FROM kinds");
            } catch (SQLException error) {
                say("in a transaction: error", error.getSQLState());
            }
            try {
                statement.execute("SELECT 1");
            } catch (SQLException error) {
                say("in a failed transaction", error.getSQLState());
            }
            connection.rollback(here);
            connection.releaseSavepoint(here);
            rows("after the savepoint", statement.executeQuery("SELECT 1"));
            connection.commit();
            connection.setAutoCommit(true);
            boolean more = statement.execute("SELECT 1; SELECT 'two'; SET DateStyle = ISO");
            while (more || statement.getUpdateCount() != -1) {
                if (more) {
                    rows("one of several", statement.getResultSet());
                }
                more = statement.getMoreResults();
            }
            say("valid", connection.isValid(5));
            connection.setClientInfo("ApplicationName", "client");
            rows("application_name", statement.executeQuery("SHOW application_name"));
        }
    }

    private void cancel() throws Exception {
        try (Connection connection = connected(); Statement statement = connection.createStatement()) {
            AtomicBoolean ended = new AtomicBoolean();
            Thread cancelling = new Thread(() -> {
                // One that comes before the statement has begun ends nothing; so they are repeated.
                while (!ended.get()) {
                    try {
                        Thread.sleep(200);
                        statement.cancel();
                    } catch (InterruptedException | SQLException gone) {
                        return;
                    }
                }
            });
            cancelling.start();
            try {
                statement.execute(SLOW);
                say("cancelled", "not");
            } catch (SQLException error) {
                say("cancelled", error.getSQLState());
            }
            ended.set(true);
            cancelling.join();
            statement.setQueryTimeout(1);
            try {
                statement.execute(SLOW);
                say("timed out", "not");
            } catch (SQLException error) {
                say("timed out", error.getSQLState());
            }
            statement.setQueryTimeout(0);
            rows("after that", statement.executeQuery("SELECT 1"));
        }
    }

    private void copies() throws Exception {
        try (Connection connection = connected()) {
            for (String options : new String[] {"", "(FORMAT csv, HEADER)"}) {
                StringWriter copied = new StringWriter();
                long count = connection.unwrap(PGConnection.class).getCopyAPI().copyOut(
                    "COPY (SELECT * FROM kinds ORDER BY id) TO STDOUT " + options, copied);
                say("copied", count, copied);
            }
        }
    }

    private void questions() throws SQLException {
        try (Connection connection = connected(); PreparedStatement asked = connection.prepareStatement(
            "SELECT ward, COUNT(*) AS n, AVG(cost) AS c FROM visits WHERE days > ? "
                + "GROUP BY ward ORDER BY ward")) {
            say("column", asked.getMetaData().getColumnTypeName(2),
                asked.getMetaData().getColumnTypeName(3));
            for (int run = 0; run < 7; run++) {
                asked.setInt(1, 3);
                rows("question", asked.executeQuery());
                SQLWarning warning = asked.getWarnings();
                say("notice", warning.getMessage());
                asked.clearWarnings();
            }
            connection.setAutoCommit(false);
            asked.setFetchSize(1);
            rows("in parts", asked.executeQuery());
            connection.commit();
            try {
                connection.createStatement().execute("SELECT ward FROM visits");
            } catch (PSQLException error) {
                ServerErrorMessage told = error.getServerErrorMessage();
                say("refused", error.getSQLState(), told.getPosition(), told.getHint(), told.getDetail());
            }
        }
    }
}
