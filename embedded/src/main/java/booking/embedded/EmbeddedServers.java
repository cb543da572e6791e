package booking.embedded;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** A broker and a PostgreSQL side by side. */
public final class EmbeddedServers implements AutoCloseable {
    private static @Nullable EmbeddedServers shared;

    private final EmbeddedKafka kafka;
    private final EmbeddedPostgres postgres;
    private final Runnable afterwards;

    private EmbeddedServers(EmbeddedKafka kafka, EmbeddedPostgres postgres, Runnable afterwards) {
        this.kafka = kafka;
        this.postgres = postgres;
        this.afterwards = afterwards;
    }

    /** Starts both at the same time. When one fails, the other is stopped again. */
    public static EmbeddedServers start(KafkaOptions kafkaOptions, PostgresOptions postgresOptions) {
        return start(kafkaOptions, postgresOptions, () -> {});
    }

    /** Starts both for tests: on any ports, in a temporary directory, not safe against a crash of the machine. */
    public static EmbeddedServers startTemporary() {
        TemporaryDirectory directory = TemporaryDirectory.create("booking-servers-");
        try {
            return start(
                    KafkaOptions.in(directory.path().resolve("kafka")).withPort(PortRequest.any()),
                    PostgresOptions.in(directory.path().resolve("postgresql"))
                            .withPort(PortRequest.any())
                            .notDurable(),
                    directory::close);
        } catch (RuntimeException | Error e) {
            directory.close();
            throw e;
        }
    }

    /**
     * Those that all tests of this process share, started by the first who asks and stopped when the process ends. Tests
     * keep apart by their own topics and databases, and leave the servers running.
     */
    public static synchronized EmbeddedServers shared() {
        EmbeddedServers servers = shared;
        if (servers == null) {
            servers = startTemporary();
            Runtime.getRuntime().addShutdownHook(new Thread(servers::close, "stop shared servers"));
            shared = servers;
        }
        return servers;
    }

    private static EmbeddedServers start(
            KafkaOptions kafkaOptions, PostgresOptions postgresOptions, Runnable afterwards) {
        CompletableFuture<EmbeddedKafka> kafka = CompletableFuture.supplyAsync(() -> EmbeddedKafka.start(kafkaOptions));
        EmbeddedPostgres postgres;
        try {
            postgres = EmbeddedPostgres.start(postgresOptions);
        } catch (RuntimeException | Error e) {
            kafka.thenAccept(EmbeddedKafka::close)
                    .exceptionally(ignored -> null)
                    .join();
            throw e;
        }
        try {
            return new EmbeddedServers(kafka.join(), postgres, afterwards);
        } catch (CompletionException e) {
            postgres.close();
            if (e.getCause() instanceof EmbeddedServerException known) {
                throw known;
            }
            throw e;
        }
    }

    public EmbeddedKafka kafka() {
        return kafka;
    }

    public EmbeddedPostgres postgres() {
        return postgres;
    }

    /** Stops both. */
    @Override
    public void close() {
        try {
            kafka.close();
        } finally {
            postgres.close();
            afterwards.run();
        }
    }
}
