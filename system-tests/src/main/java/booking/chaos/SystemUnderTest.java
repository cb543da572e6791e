package booking.chaos;

import booking.embedded.ChildProcess;
import booking.embedded.EmbeddedPostgres;
import booking.embedded.FreePorts;
import booking.gateway.GatewayApplication;
import booking.processor.ProcessorApplication;
import booking.processor.setup.Setup;
import booking.processor.setup.SetupSettings;
import booking.schemas.topic.TopicNames;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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

    private static final Duration STOP = Duration.ofSeconds(30);
    private static final List<String> SMALL_JVM = List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private final Path directory;
    private final Optional<SmallDisk> databaseDisk;
    private final Optional<SmallDisk> brokerDisk;
    private final int gatewayPort = FreePorts.any();
    private final Map<String, String> processorEnvironment;
    private final Map<String, String> gatewayEnvironment;

    private final Brokers brokers;
    private final Databases databases;
    private final List<ChildProcess> processors = new ArrayList<>();
    private ChildProcess gateway;

    /**
     * Starts all of it.
     *
     * @param directory where data and logs are kept
     * @param smallDisks whether one database, and one broker, shall be on disks that can be filled, where possible
     * @param locking {@code optimistic} or {@code pessimistic}
     */
    SystemUnderTest(Path directory, boolean smallDisks, Layout layout, String locking) {
        this.directory = directory;
        databaseDisk = smallDisks ? SmallDisk.mountAt(Databases.directory(directory, 1)) : Optional.empty();
        brokerDisk = smallDisks ? SmallDisk.mountAt(Brokers.directory(directory, 1)) : Optional.empty();
        brokers = new Brokers(directory, layout.brokers());
        databases = new Databases(directory, layout.standby());
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
                layout.processorSession().toMillis() + "ms",
                "BOOKING_WAITLIST_OFFER",
                "2s");
        Map<String, String> environment = new HashMap<>(direct);
        environment.put("BOOKING_HTTP_PORT", Integer.toString(gatewayPort));
        gatewayEnvironment = Map.copyOf(environment);
        for (int i = 0; i < PROCESSORS; i++) {
            processors.add(newProcessor(i));
        }
        gateway = newGateway();
    }

    private ChildProcess newProcessor(int index) {
        return newProcessor(index, Map.of());
    }

    private ChildProcess newProcessor(int index, Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(processorEnvironment);
        environment.putAll(more);
        return start("processor-" + index, ProcessorApplication.class, environment);
    }

    private ChildProcess newGateway() {
        return start("gateway", GatewayApplication.class, gatewayEnvironment);
    }

    private ChildProcess start(String name, Class<?> main, Map<String, String> environment) {
        List<String> arguments = new ArrayList<>(SMALL_JVM);
        arguments.add(main.getName());
        return ChildProcess.startJava(name, arguments, environment, directory.resolve(name + ".log"));
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

    ChildProcess gateway() {
        return gateway;
    }

    Brokers brokers() {
        return brokers;
    }

    Databases databases() {
        return databases;
    }

    /** Starts a processor again that has ended. */
    void startProcessor(int index) {
        processors.set(index, newProcessor(index));
    }

    /** Starts a processor again that has ended, with these variables beside its own. */
    void startProcessor(int index, Map<String, String> more) {
        processors.set(index, newProcessor(index, more));
    }

    /** Asks a processor to end, and waits until it has. */
    void stopProcessor(int index) {
        stop(processors.get(index));
    }

    void startGateway() {
        gateway = newGateway();
    }

    /** The disk that the first database is on, if it is one that can be filled. */
    Optional<SmallDisk> databaseDisk() {
        return databaseDisk;
    }

    /** The disk that the first broker is on, if it is one that can be filled. */
    Optional<SmallDisk> brokerDisk() {
        return brokerDisk;
    }

    /** Once everything has ended: gives back the disks, and with them what is on them. */
    void unmountDisks() {
        databaseDisk.ifPresent(SmallDisk::close);
        brokerDisk.ifPresent(SmallDisk::close);
    }

    /** Once everything has ended: gives back the disks, and keeps what is on them where it is. */
    void keepDisks() {
        databaseDisk.ifPresent(SmallDisk::keep);
        brokerDisk.ifPresent(SmallDisk::keep);
    }

    /** The names of those processes that have ended though nobody ended them. */
    List<String> ended() {
        List<String> ended = new ArrayList<>();
        for (int i = 0; i < processors.size(); i++) {
            if (!processors.get(i).isAlive()) {
                ended.add("processor-" + i);
            }
        }
        if (!gateway.isAlive()) {
            ended.add("gateway");
        }
        return ended;
    }

    private static void stop(ChildProcess process) {
        process.terminate();
        if (!process.endsWithin(STOP)) {
            process.kill();
            throw new IllegalStateException("a process did not end within " + STOP.toSeconds() + " s of SIGTERM");
        }
    }

    /** Ends everything at once; what is left is the data and the logs. */
    @Override
    public void close() {
        gateway.kill();
        processors.forEach(ChildProcess::kill);
        brokers.close();
        databases.close();
    }
}
