package booking.embedded;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** The roles and the database that the services expect of whoever runs a server for them. */
final class BookingDatabase {
    private static final List<String> ROLES =
            List.of(EmbeddedPostgres.OWNER, EmbeddedPostgres.APPLICATION, EmbeddedPostgres.READER);

    private BookingDatabase() {}

    /** Makes what is missing. */
    static void ensure(String superuserUrl) {
        try (Connection connection = DriverManager.getConnection(superuserUrl);
                Statement statement = connection.createStatement()) {
            for (String role : ROLES) {
                if (!exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = ?", role)) {
                    statement.execute("CREATE ROLE " + role + " LOGIN");
                }
            }
            String database = EmbeddedPostgres.DATABASE;
            if (!exists(connection, "SELECT 1 FROM pg_database WHERE datname = ?", database)) {
                statement.execute("CREATE DATABASE " + database + " OWNER " + EmbeddedPostgres.OWNER
                        + " TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'");
            }
        } catch (SQLException e) {
            throw new EmbeddedServerException("cannot make the database and its roles: " + e.getMessage(), e);
        }
    }

    private static boolean exists(Connection connection, String query, String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setString(1, name);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }
}
