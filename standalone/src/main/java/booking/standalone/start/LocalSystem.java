package booking.standalone.start;

import booking.embedded.EmbeddedKafka;
import booking.embedded.EmbeddedPostgres;
import booking.embedded.EmbeddedServers;
import booking.embedded.KafkaOptions;
import booking.embedded.PostgresOptions;
import booking.gateway.GatewayApplication;
import booking.gateway.GatewaySettings;
import booking.gateway.http.HttpSettings;
import booking.processor.ProcessorApplication;
import booking.processor.ProcessorSettings;
import booking.processor.setup.Setup;
import booking.processor.setup.SetupSettings;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;

/**
 * All parts, running and ready.
 *
 * @param url where the gateway answers
 * @param kafka the broker
 * @param postgres the database server
 * @param end completes, always with a failure, when a part has ended by itself
 */
record LocalSystem(URI url, EmbeddedKafka kafka, EmbeddedPostgres postgres, CompletableFuture<Void> end) {
    private static final Duration READY = Duration.ofMinutes(2);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

    /**
     * Starts one part after the other.
     *
     * @throws RuntimeException when one cannot be started, and why
     */
    static LocalSystem start(Path directory, Ports ports, ServiceVariables variables, Parts parts, Progress progress) {
        progress.tell("Starting Kafka and PostgreSQL in " + directory);
        EmbeddedServers servers = parts.start(() -> EmbeddedServers.start(
                KafkaOptions.in(directory.resolve("kafka")).withPort(ports.kafka()),
                PostgresOptions.in(directory.resolve("postgresql")).withPort(ports.postgres())));
        EmbeddedKafka kafka = servers.kafka();
        EmbeddedPostgres postgres = servers.postgres();
        progress.tell("Kafka is up on " + kafka.bootstrapServers() + ", PostgreSQL on 127.0.0.1:" + postgres.port());

        Map<String, String> told = variables.with(
                kafka.bootstrapServers(), postgres.port(), ports.gateway().choose());
        SetupSettings setupSettings = SetupSettings.from(told);
        ProcessorSettings processorSettings = ProcessorSettings.from(told);
        GatewaySettings gatewaySettings = GatewaySettings.from(told);
        Setup.run(setupSettings);
        progress.tell("Tables and topics are there");

        ProcessorApplication processor = parts.start(() -> ProcessorApplication.start(processorSettings));
        GatewayApplication gateway = parts.start(() -> GatewayApplication.start(gatewaySettings));
        LocalSystem system = new LocalSystem(
                url(gatewaySettings.http(), gateway.port()),
                kafka,
                postgres,
                CompletableFuture.anyOf(
                                endOf("Kafka", kafka.process()),
                                endOf("PostgreSQL", postgres.process()),
                                processor.failure())
                        .thenAccept(never -> {}));
        progress.tell("Processor and gateway are starting");
        system.awaitReady(processor, gateway, parts);
        return system;
    }

    /** Where it is called from this machine. */
    private static URI url(HttpSettings settings, int port) {
        String host = settings.host();
        try {
            if (InetAddress.getByName(host).isAnyLocalAddress()) {
                host = "127.0.0.1";
            }
        } catch (UnknownHostException e) {
            throw new IllegalStateException("it listens on a host that is not known: " + host, e);
        }
        return URI.create((settings.tls().isPresent() ? "https://" : "http://")
                + (host.contains(":") ? "[" + host + "]" : host)
                + ":" + port);
    }

    private static CompletableFuture<Void> endOf(String server, ProcessHandle process) {
        return process.onExit().thenAccept(ended -> {
            throw new StartFailedException(server + " (process " + ended.pid() + ") has ended");
        });
    }

    private void awaitReady(ProcessorApplication processor, GatewayApplication gateway, Parts parts) {
        long deadlineNanos = System.nanoTime() + READY.toNanos();
        while (!(processor.isReady() && gateway.isReady())) {
            if (parts.isClosed()) {
                throw new Parts.StoppedException();
            }
            if (end.isDone()) {
                awaitEnd();
            }
            if (System.nanoTime() - deadlineNanos > 0) {
                throw new StartFailedException("the " + (processor.isReady() ? "gateway" : "processor")
                        + " was not ready within " + READY.toSeconds() + " s");
            }
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
        }
    }

    /** The one line for whoever waits for us. */
    String readyLine() {
        return "Ready: " + url + " (Kafka " + kafka.bootstrapServers() + ", PostgreSQL 127.0.0.1:" + postgres.port()
                + ")";
    }

    /** Waits until a part has ended by itself, and throws why. */
    void awaitEnd() {
        try {
            end.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : e;
        }
    }
}
