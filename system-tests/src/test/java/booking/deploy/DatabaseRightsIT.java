package booking.deploy;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import booking.configuration.DatabaseSettings;
import booking.embedded.TemporaryDirectory;
import booking.processor.setup.Setup;
import booking.processor.store.BookingDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** PostgreSQL with {@code verify-full} and three roles: who is let in, and what each may do there. */
class DatabaseRightsIT {
    private static final String INSUFFICIENT_PRIVILEGE = "42501";
    private static final String INVALID_AUTHORIZATION = "28000";

    private static final TemporaryDirectory DIRECTORY = TemporaryDirectory.create("booking-database-");
    private static @Nullable SecuredPostgres started;

    @BeforeAll
    static void start() throws Exception {
        started = SecuredPostgres.start(DIRECTORY.path());
        makeTables(postgres().url(), SecuredPostgres.passwordOf("booking_owner"));
    }

    @AfterAll
    static void stop() {
        if (started != null) {
            started.close();
        }
        DIRECTORY.close();
    }

    private static SecuredPostgres postgres() {
        return requireNonNull(started);
    }

    private static void makeTables(String url, String password) {
        Setup.makeTables(url, "booking_owner", Optional.of(password), "booking_app", "booking_read");
    }

    @Test
    void whoTrustsTheSignerAndAsksForTheNameInTheCertificateIsLetIn() {
        DatabaseSettings settings = new DatabaseSettings(
                postgres().url(), "booking_app", Optional.of(SecuredPostgres.passwordOf("booking_app")), 1);
        try (BookingDatabase database = new BookingDatabase(settings)) {
            assertThat(database.isReachable()).isTrue();
        }
    }

    @Test
    void aCertificateThatSomebodyElseSignedIsRefusedWithTheRemedy() throws Exception {
        Path stranger = DIRECTORY.path().resolve("stranger.pem");
        postgres().makeCertificate("stranger", stranger);
        String url = postgres().url("localhost", stranger);

        assertThatThrownBy(() -> makeTables(url, SecuredPostgres.passwordOf("booking_owner")))
                .hasMessageContaining("cannot connect to jdbc:postgresql://localhost:")
                .hasMessageContaining("as booking_owner")
                .hasMessageContaining("certificate must be signed by one in the file that sslrootcert names");
    }

    @Test
    void aCertificateForAnotherHostIsRefusedWithTheRemedy() {
        String url = postgres().url("127.0.0.1", postgres().certificate());

        assertThatThrownBy(() -> makeTables(url, SecuredPostgres.passwordOf("booking_owner")))
                .hasMessageContaining("127.0.0.1")
                .hasMessageContaining("certificate must carry the host name that is in the URL");
    }

    @Test
    void aFileOfSignersThatIsNotThereIsNamed() {
        Path missing = DIRECTORY.path().resolve("missing.pem");

        assertThatThrownBy(() ->
                        makeTables(postgres().url("localhost", missing), SecuredPostgres.passwordOf("booking_owner")))
                .hasMessageContaining(missing.toString())
                .hasMessageContaining("cannot be read");
    }

    @Test
    void aWrongPasswordIsRefusedWithTheRemedyAndNotRepeated() {
        assertThatThrownBy(() -> makeTables(postgres().url(), "not-its-password"))
                .hasMessageContaining("password authentication failed for user \"booking_owner\"")
                .hasMessageContaining("check the user, the password")
                .hasMessageNotContaining("not-its-password");
    }

    @Test
    void whoComesInTheClearIsNotLetIn() {
        assertThatThrownBy(() -> connect(postgres().urlInTheClear(), "booking_app"))
                .isInstanceOfSatisfying(
                        SQLException.class,
                        refusal -> assertThat(refusal.getSQLState()).isEqualTo(INVALID_AUTHORIZATION));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            booking_app  | DELETE FROM bookings
            booking_app  | DELETE FROM events
            booking_app  | TRUNCATE outcomes
            booking_app  | DROP TABLE partition_progress
            booking_app  | ALTER TABLE events DROP COLUMN capacity
            booking_app  | CREATE TABLE another (id text)
            booking_read | UPDATE events SET capacity = 1000
            booking_read | DELETE FROM bookings
            booking_read | INSERT INTO outcomes DEFAULT VALUES
            booking_read | UPDATE partition_progress SET next_offset = 0
            booking_read | CREATE TABLE another (id text)
            """)
    void whatIsNotARolesOwnIsDenied(String role, String statement) {
        assertThatThrownBy(() -> execute(role, statement))
                .isInstanceOfSatisfying(
                        SQLException.class,
                        refusal -> assertThat(refusal.getSQLState()).isEqualTo(INSUFFICIENT_PRIVILEGE));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            booking_app  | SELECT count(*) FROM bookings
            booking_app  | UPDATE events SET capacity = capacity WHERE false
            booking_read | SELECT count(*) FROM bookings
            booking_read | SELECT count(*) FROM events
            """)
    void whatIsItsOwnIsNot(String role, String statement) {
        assertThatCode(() -> execute(role, statement)).doesNotThrowAnyException();
    }

    private static void execute(String role, String sql) throws SQLException {
        try (Connection connection = connect(postgres().url(), role);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static Connection connect(String url, String role) throws SQLException {
        return DriverManager.getConnection(url, role, SecuredPostgres.passwordOf(role));
    }
}
