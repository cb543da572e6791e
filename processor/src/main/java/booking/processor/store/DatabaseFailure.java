package booking.processor.store;

import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * What a failure of the database calls for, by its SQLSTATE (PostgreSQL documentation, appendix A).
 *
 * @param kind what to do
 * @param sqlState the code, empty when the driver gave none
 * @param constraint the constraint that was violated, when one was
 */
public record DatabaseFailure(Kind kind, String sqlState, Optional<String> constraint) {

    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private static final String QUERY_CANCELED = "57014";

    /** The server is a standby, or was one when the session began; the session stays read-only. */
    static final String READ_ONLY = "25006";

    /** What to do about it. */
    public enum Kind {
        /** Another writer was in the way: the same again has good chances. */
        TRY_AGAIN,
        /** The server is away or about to be. Whether the last commit happened is unknown; the fence finds out. */
        RECONNECT,
        /** One of the commands asks for what the tables refuse. */
        CAUSED_BY_A_COMMAND,
        /** Schema, rights or server are broken: nothing may be decided, and no command is to blame. */
        STOP
    }

    /** Whether a lock was waited for in vain. */
    public boolean isLockWait() {
        return sqlState.equals(LOCK_NOT_AVAILABLE);
    }

    /** Whether a statement took longer than it may. */
    public boolean isOutOfTime() {
        return sqlState.equals(QUERY_CANCELED);
    }

    /** The failure behind an exception. */
    public static DatabaseFailure of(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            // A pool that finds no connection wraps the driver's reason, which is the one that counts.
            if (cause instanceof SQLException sql
                    && sql.getSQLState() != null
                    && !(sql.getCause() instanceof SQLException)) {
                return new DatabaseFailure(kind(sql.getSQLState()), sql.getSQLState(), constraint(sql));
            }
        }
        boolean noConnection = has(failure, SQLException.class);
        return new DatabaseFailure(noConnection ? Kind.RECONNECT : Kind.STOP, "", Optional.empty());
    }

    private static boolean has(Throwable failure, Class<? extends Throwable> type) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }

    private static Kind kind(String sqlState) {
        return switch (sqlState) {
            case "40001", "40P01", LOCK_NOT_AVAILABLE, QUERY_CANCELED -> Kind.TRY_AGAIN;
            case "57P01", "57P02", "57P03", "57P05", READ_ONLY, "25P03" -> Kind.RECONNECT;
            default ->
                switch (sqlState.substring(0, 2)) {
                    case "08", "53" -> Kind.RECONNECT;
                    case "22", "23" -> Kind.CAUSED_BY_A_COMMAND;
                    default -> Kind.STOP;
                };
        };
    }

    private static Optional<String> constraint(SQLException failure) {
        @Nullable
        ServerErrorMessage message =
                failure instanceof PSQLException postgres ? postgres.getServerErrorMessage() : null;
        return Optional.ofNullable(message == null ? null : message.getConstraint());
    }
}
