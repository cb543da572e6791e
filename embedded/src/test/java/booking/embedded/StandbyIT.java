package booking.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** A primary and its standby, which takes over. */
final class StandbyIT {
    @Test
    void whatWasCommittedIsThereAfterEachFailOver() throws Exception {
        try (TemporaryDirectory directory = TemporaryDirectory.create("standby-it-")) {
            PostgresOptions one = options(directory, "one");
            PostgresOptions other = options(directory, "other");
            EmbeddedPostgres primary = EmbeddedPostgres.start(one);
            EmbeddedPostgres standby = EmbeddedPostgres.startStandby(other, primary, primary.port());
            try {
                execute(primary, "CREATE TABLE kept (number int)");
                primary.requireStandby();
                execute(primary, "INSERT INTO kept VALUES (1)");
                EmbeddedPostgres promoted = standby;
                assertThatThrownBy(() -> execute(promoted, "INSERT INTO kept VALUES (2)"))
                        .isInstanceOf(SQLException.class)
                        .hasMessageContaining("read-only");

                primary.kill();
                standby.promote();

                assertThat(numbers(standby)).isEqualTo("1");
                execute(standby, "INSERT INTO kept VALUES (2)");

                // The first becomes the standby of the second, and is promoted in its turn.
                primary = EmbeddedPostgres.startStandby(one, standby, standby.port());
                standby.requireStandby();
                execute(standby, "INSERT INTO kept VALUES (3)");
                standby.kill();
                primary.promote();

                assertThat(numbers(primary)).isEqualTo("1,2,3");
                primary.kill();
                primary = EmbeddedPostgres.start(one);
                execute(primary, "INSERT INTO kept VALUES (4)");
                assertThat(numbers(primary))
                        .as("after a crash of the promoted one")
                        .isEqualTo("1,2,3,4");
            } finally {
                primary.kill();
                standby.kill();
            }
        }
    }

    private static PostgresOptions options(TemporaryDirectory directory, String name) {
        return PostgresOptions.in(directory.path().resolve(name))
                .withPort(PortRequest.any())
                .withSetting("wal_keep_size", "256MB")
                .notDurable();
    }

    private static void execute(EmbeddedPostgres server, String statement) throws SQLException {
        try (Connection connection = connect(server);
                Statement one = connection.createStatement()) {
            one.execute(statement);
        }
    }

    private static String numbers(EmbeddedPostgres server) throws SQLException {
        try (Connection connection = connect(server);
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT string_agg(number::text, ',' ORDER BY number) FROM kept")) {
            row.next();
            return row.getString(1);
        }
    }

    private static Connection connect(EmbeddedPostgres server) throws SQLException {
        return DriverManager.getConnection(server.jdbcUrl(EmbeddedPostgres.DATABASE, EmbeddedPostgres.SUPERUSER));
    }
}
