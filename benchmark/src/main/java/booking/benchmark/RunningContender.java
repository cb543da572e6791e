package booking.benchmark;

import booking.benchmark.limit.LimitApplication;
import booking.benchmark.stream.RecordAtATimeApplication;
import booking.benchmark.web.WebApplication;
import booking.embedded.ChildProcess;
import booking.embedded.FreePorts;
import booking.embedded.Undisturbed;
import booking.gateway.GatewayApplication;
import booking.processor.ProcessorApplication;
import booking.processor.setup.Setup;
import booking.processor.setup.SetupSettings;
import booking.schemas.topic.TopicNames;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/** A system that is measured, as processes of its own, with topics of its own, and the load that is put on it. */
final class RunningContender implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(2);
    private static final Duration STOP = Duration.ofSeconds(30);
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

    // The heaps within which the engine has to work; the alternatives have as much.
    private static final String HEAP = "-Xmx512m";
    private static final String GATEWAY_HEAP = "-Xmx256m";
    // As with ./booking start.
    private static final String COLLECTOR = "-XX:+UseSerialGC";
    // Rather than limp on, and be measured.
    private static final String ENDS_WITHOUT_MEMORY = "-XX:+ExitOnOutOfMemoryError";

    private final Contender contender;
    private final Servers servers;
    private final Database database;
    private final Path logs;
    private final boolean profile;
    private final TopicNames topics;
    private final int port = FreePorts.any();
    private final List<ChildProcess> processes = new ArrayList<>();
    private final Load load;

    private RunningContender(
            Contender contender, Servers servers, Database database, Path logs, String name, boolean profile) {
        this.contender = contender;
        this.servers = servers;
        this.database = database;
        this.logs = logs.resolve(name + "-" + contender.id() + ".log");
        this.profile = profile;
        this.topics = TopicNames.withPrefix(name);
        try {
            if (contender.isWebApplication()) {
                start(HEAP, WebApplication.class, contender.id(), database.applicationUrl(), Integer.toString(port));
                awaitReady(port);
            } else {
                startOnKafka(contender, database, name);
            }
            this.load = contender.transport() == Contender.Transport.HTTP
                    ? new HttpLoad(port)
                    : new KafkaLoad(servers.bootstrapServers(), topics, contender::underWay, Load.PATIENCE);
        } catch (RuntimeException | Error e) {
            Undisturbed.run(this::stop);
            throw e;
        }
    }

    /**
     * Starts it and waits until it is ready.
     *
     * @param name told apart from all others by it
     * @param profile whether its processes are recorded, beside their logs
     */
    static RunningContender start(
            Contender contender, Servers servers, Database database, Path logs, String name, boolean profile) {
        return new RunningContender(contender, servers, database, logs, name, profile);
    }

    private void startOnKafka(Contender contender, Database database, String name) {
        String url = database.applicationUrl();
        // The setup step makes topics and tables. Where the tables are not the engine's, it gets some that nobody
        // minds.
        String engineUrl = database.tables() == Contender.Tables.ENGINE
                ? url
                : servers.database(Contender.LIMIT, 0).applicationUrl();
        Map<String, String> common =
                Map.of("BOOKING_KAFKA_BOOTSTRAP_SERVERS", servers.bootstrapServers(), "BOOKING_TOPICS_PREFIX", name);
        Setup.run(SetupSettings.from(with(common, "BOOKING_DATABASE_URL", withoutUser(engineUrl))));
        switch (contender) {
            case OURS_KAFKA, OURS_HTTP -> {
                Map<String, String> environment =
                        with(with(common, "BOOKING_DATABASE_URL", withoutUser(url)), "BOOKING_PROCESSOR_GROUP", name);
                int healthPort = FreePorts.any();
                start(
                        HEAP,
                        with(environment, "BOOKING_PROCESSOR_HEALTH_PORT", Integer.toString(healthPort)),
                        ProcessorApplication.class);
                if (contender == Contender.OURS_HTTP) {
                    start(
                            GATEWAY_HEAP,
                            with(environment, "BOOKING_HTTP_PORT", Integer.toString(port)),
                            GatewayApplication.class);
                    awaitReady(port);
                }
                awaitReady(healthPort);
            }
            case RECORD_AT_A_TIME -> start(HEAP, RecordAtATimeApplication.class, servers.bootstrapServers(), name, url);
            case LIMIT -> start(HEAP, LimitApplication.class, servers.bootstrapServers(), name, url);
            default -> throw new IllegalArgumentException(contender + " does not work on Kafka");
        }
    }

    private static Map<String, String> with(Map<String, String> map, String key, String value) {
        Map<String, String> more = new HashMap<>(map);
        more.put(key, value);
        return Map.copyOf(more);
    }

    /** The services have settings for who they are. */
    private static String withoutUser(String url) {
        return url.substring(0, url.indexOf('?'));
    }

    private void start(String heap, Class<?> main, String... arguments) {
        start(heap, Map.of(), main, arguments);
    }

    private void start(String heap, Map<String, String> environment, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(heap, COLLECTOR, ENDS_WITHOUT_MEMORY));
        if (profile) {
            Path recording = logs.resolveSibling(logs.getFileName() + "." + main.getSimpleName() + ".jfr");
            command.add("-XX:StartFlightRecording=settings=profile,dumponexit=true,filename=" + recording);
        }
        command.add(main.getName());
        command.addAll(List.of(arguments));
        processes.add(ChildProcess.startJava(main.getSimpleName(), command, environment, logs));
    }

    private void awaitReady(int ofPort) {
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest request = request(ofPort, "/health/ready").GET().build();
        long deadline = System.nanoTime() + START.toNanos();
        while (status(client, request) != 200) {
            requireAlive();
            if (System.nanoTime() - deadline > 0) {
                throw new BenchmarkException("not ready within " + START.toSeconds() + " s; its log: " + logs);
            }
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
        }
    }

    /**
     * Tells whether it can be asked at all.
     *
     * @throws BenchmarkException when one of its processes has ended
     */
    void requireAlive() {
        if (!processes.stream().allMatch(ChildProcess::isAlive)) {
            throw new BenchmarkException("a process has ended by itself; its log: " + logs);
        }
    }

    /**
     * Tells whether anybody can be asked at all.
     *
     * @throws BenchmarkException when the broker or the database has ended
     */
    void requireServers() {
        servers.requireAlive();
    }

    private static HttpRequest.Builder request(int port, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .version(HttpClient.Version.HTTP_1_1)
                .timeout(ANSWER);
    }

    private static int status(HttpClient client, HttpRequest request) {
        try {
            return client.send(request, BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchmarkException("interrupted", e);
        }
    }

    /** Who it is. */
    Contender contender() {
        return contender;
    }

    /** Its tables. */
    Database database() {
        return database;
    }

    /** Gives a web application a pool of this size. */
    void resizePool(int size) {
        HttpRequest request =
                request(port, "/pool/" + size).PUT(BodyPublishers.noBody()).build();
        int status = status(HttpClient.newHttpClient(), request);
        if (status != 200) {
            throw new BenchmarkException("the pool cannot be resized: " + status);
        }
    }

    Load load() {
        return load;
    }

    /** Seconds of processor time so far: of its own processes, of the broker and of the database. */
    double cpuSeconds() {
        List<ProcessHandle> all = new ArrayList<>(servers.processes());
        processes.forEach(process -> all.add(process.handle()));
        return CpuTime.seconds(all);
    }

    /** Asks its processes to end. */
    void terminate() {
        processes.forEach(ChildProcess::terminate);
    }

    private void stop() {
        terminate();
        for (ChildProcess process : processes) {
            if (!process.endsWithin(STOP)) {
                process.kill();
            }
        }
    }

    @Override
    public void close() {
        try {
            load.close();
        } finally {
            stop();
        }
        removeTopics();
    }

    private void removeTopics() {
        try (Admin admin =
                Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, servers.bootstrapServers()))) {
            if (topicsAreThere(admin)) {
                admin.deleteTopics(List.of(
                                topics.commands(), topics.results(), topics.availability(), topics.deadLetters()))
                        .all()
                        .get();
            }
        } catch (ExecutionException e) {
            throw new BenchmarkException("cannot remove the topics of a run: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchmarkException("interrupted", e);
        }
    }

    private boolean topicsAreThere(Admin admin) throws InterruptedException, ExecutionException {
        return admin.listTopics().names().get().contains(topics.commands());
    }
}
