package booking.processor;

import java.time.Duration;

/**
 * How long things may take, each longer than the one inside it. An instance that hangs lets go of its locks before its
 * Kafka transaction is given up, and of that before its partitions go to another instance.
 */
public final class TimeoutLadder {
    /** Waiting for a row that somebody else has locked. */
    public static final Duration LOCK = Duration.ofSeconds(2);
    /** One statement. */
    public static final Duration STATEMENT = Duration.ofSeconds(5);
    /** A database transaction in which nothing happens: its process is stopped, and must not keep its locks. */
    public static final Duration IDLE_IN_TRANSACTION = Duration.ofSeconds(7);
    /** An open Kafka transaction, which holds back all readers of committed results. */
    public static final Duration KAFKA_TRANSACTION = Duration.ofSeconds(10);
    /** Waiting for a database that is away, with the poll in hand. */
    public static final Duration DATABASE_PATIENCE = Duration.ofMinutes(3);
    /** Between two polls; an instance that takes longer loses its partitions. */
    public static final Duration MAX_POLL_INTERVAL = Duration.ofMinutes(5);

    private TimeoutLadder() {}
}
