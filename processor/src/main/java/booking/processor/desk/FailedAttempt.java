package booking.processor.desk;

import booking.processor.store.ConflictException;
import booking.processor.store.DatabaseFailure;

/**
 * What was in the way of an attempt at a poll.
 *
 * @param sqlState PostgreSQL's code for it, empty when there is none
 */
public record FailedAttempt(Kind kind, String sqlState) {

    /** What kind of thing was in the way. */
    public enum Kind {
        /** Somebody else has changed an event between our reading and our writing it. */
        CONFLICT,
        /** Another instance is at work on our partitions. */
        FENCE,
        /** Another writer had something locked, or a statement took too long. */
        CONTENTION,
        /** The database is away. */
        DATABASE_AWAY,
        /** One of the commands asks for what the tables refuse; it is looked for, and refused alone. */
        REFUSED_BY_TABLES,
        /** Schema, rights, server or our own code are broken; trying again would not help. */
        BROKEN
    }

    static FailedAttempt of(RuntimeException failure) {
        if (failure instanceof ConflictException) {
            return new FailedAttempt(Kind.CONFLICT, "");
        }
        DatabaseFailure cause = DatabaseFailure.of(failure);
        if (failure instanceof FenceException) {
            return new FailedAttempt(Kind.FENCE, cause.sqlState());
        }
        Kind kind = switch (cause.kind()) {
            case TRY_AGAIN -> Kind.CONTENTION;
            case RECONNECT -> Kind.DATABASE_AWAY;
            case CAUSED_BY_A_COMMAND -> Kind.REFUSED_BY_TABLES;
            case STOP -> Kind.BROKEN;
        };
        return new FailedAttempt(kind, cause.sqlState());
    }
}
