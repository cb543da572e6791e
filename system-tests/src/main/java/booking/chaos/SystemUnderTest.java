package booking.chaos;

import booking.embedded.ChildProcess;
import booking.embedded.EmbeddedPostgres;
import booking.embedded.FreePorts;
import booking.embedded.Undisturbed;
import booking.gateway.GatewayApplication;
import booking.processor.ProcessorApplication;
import booking.processor.setup.Setup;
import booking.processor.setup.SetupSettings;
import booking.schemas.topic.TopicNames;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One broker or three, PostgreSQL with or without a standby, two processors and a gateway, each a process of its own that can be
 * killed, paused and started again. The processors reach their servers through {@link Cable}s that can be cut.
 */
final class SystemUnderTest implements AutoCloseable {
    static final int PROCESSORS = 2;

    private static final String GATEWAY = "gateway";
    private static final Duration STOP = Duration.ofSeconds(30);
    private static final List<String> SMALL_JVM = List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private final Path directory;
    private final Duration processorSession;
    private final Optional<SmallDisk> databaseDisk;
    private final Optional<SmallDisk> brokerDisk;
    private final int gatewayPort = FreePorts.any();
    private final Map<String, String> processorEnvironment;
    private final Map<String, String> gatewayEnvironment;

    private final ProcessWatch watch = new ProcessWatch();
    private final Brokers brokers;
    private final Databases databases;
    private final List<ChildProcess> processors = new ArrayList<>();
    private ChildProcess gateway;

    /** What is to be done in the end, the first last. */
    private final Deque<Runnable> ends = new ArrayDeque<>();

    /**
     * Starts all of it; nothing is left running when that fails.
     *
     * @param directory where data and logs are kept
     * @param smallDisks whether one database, and one broker, shall be on disks that can be filled, where possible
     * @param locking {@code optimistic} or {@code pessimistic}
     */
    SystemUnderTest(Path directory, boolean smallDisks, Layout layout, String locking) {
        this.directory = directory;
        this.processorSession = layout.processorSession();
        databaseDisk = smallDisks ? SmallDisk.mountAt(Databases.directory(directory, 1)) : Optional.empty();
        brokerDisk = smallDisks ? SmallDisk.mountAt(Brokers.directory(directory, 1)) : Optional.empty();
        try {
            brokers = new Brokers(directory, layout.brokers(), watch);
            ends.push(brokers::close);
            databases = new Databases(directory, layout.standby(), watch);
            ends.push(databases::close);
            Map<String, String> direct = Map.of(
                    "BOOKING_KAFKA_BOOTSTRAP_SERVERS",
                    brokers.bootstrapServers(),
                    "BOOKING_DATABASE_URL",
                    databases.anyUrl());
            Map<String, String> setup = new HashMap<>(direct);
            setup.put("BOOKING_TOPICS_REPLICATION_FACTOR", Integer.toString(layout.brokers()));
            setup.put("BOOKING_TOPICS_MIN_INSYNC_REPLICAS", Integer.toString((layout.brokers() + 1) / 2));
            Setup.run(SetupSettings.from(setup));
            processorEnvironment = Map.of(
                    "BOOKING_KAFKA_BOOTSTRAP_SERVERS",
                    brokers.bootstrapServersThroughCables(),
                    "BOOKING_DATABASE_URL",
                    databases.anyUrlThroughCables(),
                    "BOOKING_LOCKING",
                    locking,
                    "BOOKING_PROCESSOR_HEALTH_PORT",
                    "0",
                    "BOOKING_PROCESSOR_SESSION_TIMEOUT",
                    processorSession.toMillis() + "ms",
                    "BOOKING_WAITLIST_OFFER",
                    "2s");
            Map<String, String> environment = new HashMap<>(direct);
            environment.put("BOOKING_HTTP_PORT", Integer.toString(gatewayPort));
            gatewayEnvironment = Map.copyOf(environment);
            ends.push(() -> processors.forEach(ChildProcess::kill));
            for (int i = 0; i < PROCESSORS; i++) {
                processors.add(newProcessor(i, Map.of()));
            }
            gateway = newGateway();
            ends.push(() -> gateway.kill());
        } catch (RuntimeException | Error e) {
            Undisturbed.run(this::close);
            throw e;
        }
    }

    private ChildProcess newProcessor(int index, Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(processorEnvironment);
        environment.putAll(more);
        return start(processorName(index), ProcessorApplication.class, environment);
    }

    private ChildProcess newGateway() {
        return start(GATEWAY, GatewayApplication.class, gatewayEnvironment);
    }

    private ChildProcess start(String name, Class<?> main, Map<String, String> environment) {
        List<String> arguments = new ArrayList<>(SMALL_JVM);
        arguments.add(main.getName());
        Path log = directory.resolve(name + ".log");
        ChildProcess process = ChildProcess.startJava(name, arguments, environment, log);
        watch.begin(name, process, log);
        return process;
    }

    TopicNames topics() {
        return TopicNames.withPrefix("booking");
    }

    String bootstrapServers() {
        return brokers.bootstrapServers();
    }

    /** As the role that may only read. */
    String databaseUrl() {
        return databases.primaryUrl();
    }

    /** As somebody who may end the sessions of others. */
    String superuserUrl() {
        return databases.primary().jdbcUrl(EmbeddedPostgres.DATABASE, EmbeddedPostgres.SUPERUSER);
    }

    URI gatewayUrl() {
        return URI.create("http://127.0.0.1:" + gatewayPort);
    }

    ChildProcess processor(int index) {
        return processors.get(index);
    }

    /** After which a silent processor loses its partitions. */
    Duration processorSession() {
        return processorSession;
    }

    Brokers brokers() {
        return brokers;
    }

    Databases databases() {
        return databases;
    }

    /** Starts a processor again that has ended. */
    void startProcessor(int index) {
        processors.set(index, newProcessor(index, Map.of()));
    }

    /**
     * Starts a processor again that has ended, with these variables beside its own.
     *
     * @return where it tells over HTTP whether it lives
     */
    URI startProcessor(int index, Map<String, String> more) {
        int port = FreePorts.any();
        Map<String, String> environment = new HashMap<>(more);
        environment.put("BOOKING_PROCESSOR_HEALTH_PORT", Integer.toString(port));
        processors.set(index, newProcessor(index, environment));
        return URI.create("http://127.0.0.1:" + port + "/health/live");
    }

    /** Starts those processors again that have ended. */
    void startMissingProcessors() {
        for (int i = 0; i < PROCESSORS; i++) {
            if (!processors.get(i).isAlive()) {
                startProcessor(i);
            }
        }
    }

    /** Asks a processor to end, and waits until it has; false when it had ended by itself. */
    boolean stopProcessor(int index) {
        ChildProcess processor = processors.get(index);
        boolean isAlive = watch.end(processor.handle());
        processor.terminate();
        if (!processor.endsWithin(STOP)) {
            processor.kill();
            throw new IllegalStateException(
                    processorName(index) + " did not end within " + STOP.toSeconds() + " s of SIGTERM");
        }
        return isAlive;
    }

    /** Kills a processor; false when it had ended by itself. */
    boolean killProcessor(int index) {
        return kill(processors.get(index));
    }

    /** Kills the gateway; false when it had ended by itself. */
    boolean killGateway() {
        return kill(gateway);
    }

    void startGateway() {
        gateway = newGateway();
    }

    private boolean kill(ChildProcess process) {
        boolean isAlive = watch.end(process.handle());
        process.kill();
        return isAlive;
    }

    /** The disk that the first database is on, if it is one that can be filled. */
    Optional<SmallDisk> databaseDisk() {
        return databaseDisk;
    }

    /** The disk that the first broker is on, if it is one that can be filled. */
    Optional<SmallDisk> brokerDisk() {
        return brokerDisk;
    }

    /** Those processes that have ended though nobody ended them, since this was asked last. */
    List<ProcessWatch.Ended> takeEnded() {
        return watch.takeEnded();
    }

    private static String processorName(int index) {
        return "processor-" + index;
    }

    /** Ends everything at once; what is left is the data and the logs. */
    @Override
    public void close() {
        Optional<RuntimeException> failed = Optional.empty();
        while (!ends.isEmpty()) {
            try {
                ends.pop().run();
            } catch (RuntimeException e) {
                failed.ifPresent(e::addSuppressed);
                failed = Optional.of(e);
            }
        }
        failed.ifPresent(e -> {
            throw e;
        });
    }
}
