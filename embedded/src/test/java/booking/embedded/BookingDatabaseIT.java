package booking.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BookingDatabaseIT {
    private final EmbeddedPostgres postgres = EmbeddedServers.shared().postgres();

    @ParameterizedTest
    @ValueSource(strings = {"booking_owner", "booking_app", "booking_read", "postgres"})
    void everyRoleReachesItWithoutAPassword(String role) throws Exception {
        assertThat(ask(role, "SELECT current_user || ' in ' || current_database()"))
                .isEqualTo(role + " in booking");
        assertThat(ask(role, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"))
                .isEqualTo(role.equals("postgres") ? "t" : "f");
    }

    @Test
    void holdsAnyTextAndSortsItByItsBytes() throws Exception {
        assertThat(ask(
                        "postgres",
                        "SELECT pg_encoding_to_char(encoding) || ' ' || datcollate FROM pg_database"
                                + " WHERE datname = 'booking'"))
                .isEqualTo("UTF8 C");
    }

    @Test
    void onlyItsOwnerMakesTables() throws Exception {
        execute("booking_owner", "CREATE TABLE words (word text)");

        assertThatThrownBy(() -> execute("booking_app", "CREATE TABLE more_words (word text)"))
                .hasMessageContaining("permission denied");
        assertThatThrownBy(() -> execute("booking_read", "SELECT * FROM words"))
                .hasMessageContaining("permission denied");
    }

    @Test
    void isReachedOverLoopbackAlone() throws Exception {
        assertThat(ask("postgres", "SHOW listen_addresses")).isEqualTo("127.0.0.1");
        assertThat(ask("postgres", "SHOW unix_socket_directories")).isEmpty();
    }

    private String ask(String role, String query) throws SQLException {
        try (Connection connection = DriverManager.getConnection(postgres.jdbcUrl("booking", role));
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }

    private void execute(String role, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(postgres.jdbcUrl("booking", role));
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
