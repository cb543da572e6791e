package booking.benchmark;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Who is measured. */
public enum Contender {
    /** The engine, from the commands topic to the results topic. */
    OURS_KAFKA("ours-kafka", Transport.KAFKA, Tables.ENGINE),
    /** The engine behind its gateway, with callers that wait for their results. */
    OURS_HTTP("ours-http", Transport.HTTP, Tables.ENGINE),
    /** A web application that reads, checks, and writes on condition that the version is as it was read. */
    OPTIMISTIC("optimistic", Transport.HTTP, Tables.PLAIN),
    /** The same, locking the event's row first. */
    PESSIMISTIC("pessimistic", Transport.HTTP, Tables.PLAIN),
    /** The same with one update on condition that there are seats. */
    CONDITIONAL("conditional", Transport.HTTP, Tables.PLAIN),
    /** A Kafka Streams processor with a database transaction for each command. */
    RECORD_AT_A_TIME("record-at-a-time", Transport.KAFKA, Tables.PLAIN),
    /** A loop that moves what the engine has to move, without its rules. */
    LIMIT("limit", Transport.KAFKA, Tables.ENGINE);

    /** How many commands each client over Kafka has under way. */
    static final int WINDOW_OF_A_WRITER = 200;

    /** About a second's work. More would only wait longer, as each run would until it has its last answer. */
    private static final int MOST_UNDER_WAY_ONE_BY_ONE = 2_000;

    /** How requests reach it. */
    enum Transport {
        HTTP,
        KAFKA
    }

    /** Which tables it keeps. */
    enum Tables {
        /** Those of the engine. */
        ENGINE,
        /** Those that the alternatives share. */
        PLAIN
    }

    private final String id;
    private final Transport transport;
    private final Tables tables;

    Contender(String id, Transport transport, Tables tables) {
        this.id = id;
        this.transport = transport;
        this.tables = tables;
    }

    /** What it is called in tables and on the command line. */
    public String id() {
        return id;
    }

    Transport transport() {
        return transport;
    }

    Tables tables() {
        return tables;
    }

    /**
     * How many requests so many clients have under way at the same time. Over HTTP a client waits for its answer; a writer to
     * Kafka need not.
     */
    int underWay(int clients) {
        if (transport == Transport.HTTP) {
            return clients;
        }
        int all = Math.multiplyExact(clients, WINDOW_OF_A_WRITER);
        return this == RECORD_AT_A_TIME ? Math.min(all, MOST_UNDER_WAY_ONE_BY_ONE) : all;
    }

    /** Whether it is one of the plain web applications. */
    boolean isWebApplication() {
        return tables == Tables.PLAIN && transport == Transport.HTTP;
    }

    /**
     * The one that is called so.
     *
     * @throws IllegalArgumentException when none is; the message names all
     */
    public static Contender of(String id) {
        return Arrays.stream(values())
                .filter(contender -> contender.id.equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no system is called '" + id + "'; there are "
                        + Arrays.stream(values()).map(Contender::id).collect(Collectors.joining(", "))));
    }
}
