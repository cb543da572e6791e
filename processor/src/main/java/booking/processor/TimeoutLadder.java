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
    /**
     * A database transaction in which nothing happens, and a statement that waits for its client: the process is stopped, and
     * must not keep its locks.
     */
    public static final Duration IDLE_IN_TRANSACTION = Duration.ofSeconds(7);
    /** An open Kafka transaction, which holds back all readers of committed results. */
    public static final Duration KAFKA_TRANSACTION = Duration.ofSeconds(10);
    /** The brokers' answer about a Kafka transaction; by then its time is up, and they have ended it. */
    public static final Duration KAFKA_ANSWER = Duration.ofSeconds(15);
    /**
     * Brokers that keep their partitions' offsets or transactions from a thread, which is then replaced. Longer than they take
     * to end what a killed processor has left open, if nobody else does: its time, and up to 10 s until they look.
     */
    public static final Duration KAFKA_PATIENCE = Duration.ofSeconds(30);
    /** Waiting for a database that is away, with the poll in hand. */
    public static final Duration DATABASE_PATIENCE = Duration.ofSeconds(45);
    /**
     * Between two polls; an instance that takes longer loses its partitions. The group waits as long, with all partitions,
     * for one whose heartbeats go on while its thread hangs.
     */
    public static final Duration MAX_POLL_INTERVAL = Duration.ofSeconds(60);

    /**
     * One question about committed offsets. Kafka Streams asks for each new partition of a thread in turn, without a poll in
     * between, so twelve of them fit between two polls.
     */
    public static final Duration OFFSETS_ANSWER = Duration.ofSeconds(5);

    private TimeoutLadder() {}
}
