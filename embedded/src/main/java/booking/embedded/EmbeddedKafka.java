package booking.embedded;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.Uuid;

/**
 * A real Kafka broker (KRaft, alone or one of several) as a child process, on 127.0.0.1.
 *
 * <p>It ends when this process ends, however it ends, and none of what was left behind keeps the next one from
 * starting.
 */
public final class EmbeddedKafka implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(2);
    private static final Duration FIRST_ANSWER = Duration.ofSeconds(20);
    private static final Duration SHUTDOWN = Duration.ofSeconds(25);

    private final ServerDirectory directory;
    private final ChildProcess broker;
    private final int port;

    private EmbeddedKafka(ServerDirectory directory, ChildProcess broker, int port) {
        this.directory = directory;
        this.broker = broker;
        this.port = port;
    }

    /**
     * Starts it and waits until it answers.
     *
     * @throws EmbeddedServerException when it cannot; {@link PortTakenException} when the port is why
     */
    public static EmbeddedKafka start(KafkaOptions options) {
        ServerDirectory directory = ServerDirectory.claim("Kafka", options.directory());
        try {
            return start(options, directory);
        } catch (RuntimeException | Error e) {
            directory.close();
            throw e;
        }
    }

    private static EmbeddedKafka start(KafkaOptions options, ServerDirectory directory) {
        new BrokerOrphan(directory).end();
        int port = options.port().choose();
        Path data = directory.resolve("data");
        BrokerSettings.write(
                directory.resolve(BrokerMain.SETTINGS), data, port, FreePorts.nextFrom(port + 1), options.settings());
        ServerLog log = directory.newLog("broker.log");
        ChildProcess broker = ChildProcess.start("Kafka", process(options, directory, log));
        EmbeddedKafka kafka = new EmbeddedKafka(directory, broker, port);
        try {
            Await.ready("Kafka", START, broker, log, kafka::isListening);
            kafka.requireThisBroker(data.resolve("meta.properties"));
            return kafka;
        } catch (RuntimeException | Error e) {
            broker.kill();
            throw e;
        }
    }

    private static ProcessBuilder process(KafkaOptions options, ServerDirectory directory, ServerLog log) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options.jvmArguments());
        command.addAll(List.of(
                "-XX:+ExitOnOutOfMemoryError",
                "-Dlogback.configurationFile=booking/embedded/broker-logback.xml",
                BrokerMain.class.getName(),
                directory.resolve("").toString(),
                options.clusterId().orElseGet(() -> Uuid.randomUuid().toString())));
        // A session of its own, so that Ctrl-C reaches us alone and the broker is stopped after its clients.
        CommandPrefix prefix =
                CommandPrefix.firstThatWorks(CommandPrefix.of("setsid")).orElse(CommandPrefix.NONE);
        ProcessBuilder builder = new ProcessBuilder(prefix.before(command))
                .redirectErrorStream(true)
                .redirectOutput(log.file().toFile());
        Map<String, String> environment = builder.environment();
        environment.put("CLASSPATH", System.getProperty("java.class.path"));
        // Debuggers and agents that are meant for this process.
        environment.keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
        return builder;
    }

    private boolean isListening() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(Loopback.ADDRESS, port), 1_000);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** It could be another process that came to listen on our port while we were starting. */
    private void requireThisBroker(Path identity) {
        Properties own = new Properties();
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers()))) {
            String answered = admin.describeCluster().clusterId().get(FIRST_ANSWER.toMillis(), TimeUnit.MILLISECONDS);
            try (var reader = Files.newBufferedReader(identity)) {
                own.load(reader);
            }
            if (!answered.equals(own.getProperty("cluster.id"))) {
                throw new PortTakenException(port);
            }
        } catch (IOException | ExecutionException | TimeoutException e) {
            throw new EmbeddedServerException("Kafka listens on port " + port + " but does not answer: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EmbeddedServerException("interrupted while Kafka was starting", e);
        }
    }

    public int port() {
        return port;
    }

    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    public ProcessHandle process() {
        return broker.handle();
    }

    /** Ends the broker as a crash would, with SIGKILL. It can then be started again on its directory. */
    public void kill() {
        broker.kill();
        directory.close();
    }

    /** Shuts the broker down. */
    @Override
    public void close() {
        broker.closeInput();
        if (!broker.endsWithin(SHUTDOWN)) {
            broker.kill();
        }
        directory.close();
    }
}
