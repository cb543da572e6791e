package booking.chaos;

import booking.embedded.EmbeddedKafka;
import booking.embedded.FreePorts;
import booking.embedded.KafkaOptions;
import booking.embedded.PortRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Uuid;

/**
 * One broker, or three that keep three copies of everything and go on while two of them live. Clients reach them directly;
 * the processors reach them through cables.
 */
final class Brokers implements AutoCloseable {
    private static final Duration CATCH_UP = Duration.ofSeconds(60);

    private final List<KafkaOptions> options;
    private final List<Cable> cables;
    private final List<Integer> ports;
    private final List<EmbeddedKafka> running = new ArrayList<>();
    private final ProcessWatch watch;

    Brokers(Path directory, int count, ProcessWatch watch) {
        this.watch = watch;
        String clusterId = Uuid.randomUuid().toString();
        ports = freePorts(count);
        List<Integer> behindCables = freePorts(count);
        List<Integer> controllers = freePorts(count);
        cables = behindCables.stream().map(Cable::to).toList();
        String voters = IntStream.range(0, count)
                .mapToObj(i -> (i + 1) + "@127.0.0.1:" + controllers.get(i))
                .collect(Collectors.joining(","));
        options = IntStream.range(0, count)
                .mapToObj(i -> {
                    KafkaOptions broker = KafkaOptions.in(directory(directory, i + 1))
                            .withPort(PortRequest.exactly(ports.get(i)))
                            .inCluster(clusterId)
                            .withJvmArguments(List.of("-Xms128m", "-Xmx384m"))
                            .withSetting("node.id", Integer.toString(i + 1))
                            .withSetting("controller.quorum.voters", voters)
                            .withSetting(
                                    "listeners",
                                    listener("CLIENT", ports.get(i)) + "," + listener("CABLE", behindCables.get(i))
                                            + "," + listener("CONTROLLER", controllers.get(i)))
                            // Processors are told to come back through the cable.
                            .withSetting(
                                    "advertised.listeners",
                                    listener("CLIENT", ports.get(i)) + ","
                                            + listener("CABLE", cables.get(i).port()))
                            .withSetting(
                                    "listener.security.protocol.map",
                                    "CLIENT:PLAINTEXT,CABLE:PLAINTEXT,CONTROLLER:PLAINTEXT");
                    return count == 1 ? broker : replicated(broker);
                })
                .toList();
        List<CompletableFuture<EmbeddedKafka>> starting = options.stream()
                .map(broker -> CompletableFuture.supplyAsync(() -> EmbeddedKafka.start(broker)))
                .toList();
        try {
            starting.forEach(broker -> running.add(broker.join()));
        } catch (CompletionException e) {
            starting.forEach(broker -> broker.handle((started, failure) -> {
                        if (started != null) {
                            started.kill();
                        }
                        return failure;
                    })
                    .join());
            cables.forEach(Cable::close);
            throw e;
        }
        watchAll();
    }

    /** Where the broker with this id, from 1 on, keeps its data. */
    static Path directory(Path all, int id) {
        return all.resolve(name(id));
    }

    private static String name(int id) {
        return "kafka-" + id;
    }

    private void watchAll() {
        for (int i = 0; i < running.size(); i++) {
            watch.begin(name(i + 1), running.get(i).process());
        }
    }

    private static KafkaOptions replicated(KafkaOptions broker) {
        KafkaOptions replicated = broker;
        for (Map.Entry<String, String> setting : Map.of(
                        "offsets.topic.replication.factor", "3",
                        "transaction.state.log.replication.factor", "3",
                        "transaction.state.log.min.isr", "2",
                        "share.coordinator.state.topic.replication.factor", "3",
                        "share.coordinator.state.topic.min.isr", "2",
                        // How soon the others notice that the leader among the controllers is gone.
                        "controller.quorum.fetch.timeout.ms", "1000",
                        "controller.quorum.election.timeout.ms", "500")
                .entrySet()) {
            replicated = replicated.withSetting(setting.getKey(), setting.getValue());
        }
        return replicated;
    }

    private static String listener(String name, int port) {
        return name + "://127.0.0.1:" + port;
    }

    private static List<Integer> freePorts(int count) {
        return IntStream.range(0, count).mapToObj(i -> FreePorts.any()).toList();
    }

    int count() {
        return running.size();
    }

    /** Where clients ask first. */
    String bootstrapServers() {
        return ports.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
    }

    /** Where processors ask first. */
    String bootstrapServersThroughCables() {
        return cables.stream().map(cable -> "127.0.0.1:" + cable.port()).collect(Collectors.joining(","));
    }

    List<Cable> cables() {
        return cables;
    }

    EmbeddedKafka broker(int index) {
        return running.get(index);
    }

    /** Kills one; false when it had ended by itself. */
    boolean kill(int index) {
        boolean isAlive = watch.end(running.get(index).process());
        running.get(index).kill();
        return isAlive;
    }

    /** Until {@link #startMissing} the first one may end, as it does when it cannot write. */
    void firstMayEnd() {
        watch.end(running.get(0).process());
    }

    /** Starts those again that have ended, and waits until every copy is up to date. */
    void startMissing() throws InterruptedException {
        for (int i = 0; i < running.size(); i++) {
            if (!running.get(i).process().isAlive()) {
                // Its directory is still claimed when it has ended by itself.
                running.get(i).kill();
                running.set(i, EmbeddedKafka.start(options.get(i)));
            }
        }
        watchAll();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()))) {
            if (!Waiting.until(CATCH_UP, () -> isEveryCopyUpToDate(admin))) {
                throw new IllegalStateException("the brokers do not catch up");
            }
        }
    }

    private static boolean isEveryCopyUpToDate(Admin admin) throws InterruptedException {
        try {
            return admin.describeTopics(admin.listTopics().names().get()).allTopicNames().get().values().stream()
                    .map(TopicDescription::partitions)
                    .flatMap(List::stream)
                    .allMatch(partition -> partition.leader() != null
                            && partition.isr().size() == partition.replicas().size());
        } catch (ExecutionException notYet) {
            return false;
        }
    }

    @Override
    public void close() {
        running.forEach(EmbeddedKafka::kill);
        cables.forEach(Cable::close);
    }
}
