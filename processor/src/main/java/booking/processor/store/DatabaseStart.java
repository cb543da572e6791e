package booking.processor.store;

import java.io.FileNotFoundException;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import org.springframework.core.retry.RetryException;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.core.retry.RetryTemplate;

/** The first connection to a database: one that is only starting is waited for, one that refuses us is not. */
public final class DatabaseStart {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration CONNECT_WAIT = Duration.ofSeconds(5);

    private DatabaseStart() {}

    /**
     * Waits until the database takes connections.
     *
     * @throws IllegalStateException after 30 s in vain, and at once when waiting would not help: a wrong password, no such
     *     database, a certificate that is not trusted or is for another host
     */
    public static void await(String url, String user, Optional<String> password) {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        password.ifPresent(given -> properties.setProperty("password", given));
        properties.setProperty("connectTimeout", Long.toString(CONNECT_WAIT.toSeconds()));
        properties.setProperty("socketTimeout", Long.toString(CONNECT_WAIT.toSeconds()));
        RetryTemplate patience = new RetryTemplate(RetryPolicy.builder()
                .maxRetries(Long.MAX_VALUE)
                .timeout(PATIENCE)
                .delay(Duration.ofMillis(250))
                .predicate(failure -> remedy(failure).isEmpty())
                .build());
        try {
            patience.execute(() -> connect(url, properties));
        } catch (RetryException e) {
            Throwable last = Objects.requireNonNullElse(e.getCause(), e);
            // Without the parameters of the URL, which may contain a password.
            throw new IllegalStateException(
                    "cannot connect to " + url.replaceAll("\\?.*", "") + " as " + user + ": " + last.getMessage()
                            + remedy(last).map(words -> "; " + words).orElse(""),
                    last);
        }
    }

    private static boolean connect(String url, Properties properties) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, properties)) {
            return !connection.isClosed();
        }
    }

    /** What somebody has to do before it can work; empty where time may mend it. */
    private static Optional<String> remedy(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof GeneralSecurityException) {
                return Optional.of("the server's certificate must be signed by one in the file that sslrootcert names");
            }
            if (cause instanceof FileNotFoundException) {
                return Optional.of("the URL names a file that cannot be read");
            }
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                Optional<String> words = remedy(sql.getSQLState(), sql.getCause() == null);
                if (words.isPresent()) {
                    return words;
                }
            }
        }
        return Optional.empty();
    }

    /** By SQLSTATE (PostgreSQL documentation, appendix A). */
    private static Optional<String> remedy(String sqlState, boolean withoutCause) {
        return switch (sqlState) {
            case "28P01", "28000" -> Optional.of("check the user, the password and the server's pg_hba.conf");
            case "3D000" -> Optional.of("make the database, or name another in the URL");
            // Where the network fails the driver gives the reason. Without one, it has found the name wrong.
            case "08006" ->
                withoutCause
                        ? Optional.of("the server's certificate must carry the host name that is in the URL")
                        : Optional.empty();
            default -> Optional.empty();
        };
    }
}
