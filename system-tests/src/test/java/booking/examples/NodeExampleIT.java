package booking.examples;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import booking.embedded.EmbeddedServers;
import booking.embedded.TemporaryDirectory;
import booking.gateway.GatewayApplication;
import booking.gateway.GatewaySettings;
import booking.processor.ProcessorApplication;
import booking.processor.ProcessorSettings;
import booking.processor.setup.Setup;
import booking.processor.setup.SetupSettings;
import booking.schemas.topic.TopicNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The example for Node.js, installed by npm into a copy and run. Left out, with a line that says so, where it cannot be. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NodeExampleIT {
    private static final Path EXAMPLE = Path.of("../docs/examples/node");
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    /** What npm says when it is the way to its registry that is missing. */
    private static final Pattern NO_REGISTRY =
            Pattern.compile("EAI_AGAIN|ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOTCACHED");

    private final TemporaryDirectory directory = TemporaryDirectory.create("node-example-");
    private final Map<String, String> environment = new HashMap<>();
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final String prefix = "node-" + UUID.randomUUID();
    private final TopicNames topics = TopicNames.withPrefix(prefix);
    /** What the programs are told. */
    private final Map<String, String> addresses = new HashMap<>();

    @BeforeAll
    void open() throws Exception {
        parts.push(directory);
        requireNode();
        copyExample();
        install();
        startSystem();
    }

    @AfterAll
    void close() throws Exception {
        while (!parts.isEmpty()) {
            parts.pop().close();
        }
    }

    private void requireNode() throws Exception {
        for (String program : List.of("node", "npm")) {
            try {
                assertThat(run(program, "--version").status()).as(program).isZero();
            } catch (IOException e) {
                leaveOut("there is no " + program + " here");
            }
        }
    }

    private void copyExample() throws IOException {
        for (String name : List.of("package.json", "package-lock.json", ".npmrc", "kafka.js", "http.js")) {
            Files.copy(EXAMPLE.resolve(name), directory.path().resolve(name));
        }
    }

    private void install() throws Exception {
        Run installed = run("npm", "ci", "--no-audit", "--no-fund", "--prefer-offline", "--fetch-retries=1");
        if (installed.status() != 0 && NO_REGISTRY.matcher(installed.output()).find()) {
            leaveOut("npm cannot reach its registry");
        }
        assertThat(installed.status()).as(installed.output()).isZero();
    }

    private static void leaveOut(String why) {
        System.out.println("The example for Node.js is left out: " + why);
        abort(why);
    }

    private void startSystem() {
        EmbeddedServers servers = EmbeddedServers.shared();
        environment.put("BOOKING_KAFKA_BOOTSTRAP_SERVERS", servers.kafka().bootstrapServers());
        environment.put("BOOKING_TOPICS_PREFIX", prefix);
        environment.put(
                "BOOKING_DATABASE_URL",
                "jdbc:postgresql://127.0.0.1:" + servers.postgres().port() + "/booking");
        environment.put("BOOKING_PROCESSOR_GROUP", topics.commands());
        environment.put("BOOKING_PROCESSOR_HEALTH_PORT", "0");
        environment.put("BOOKING_HTTP_PORT", "0");
        Setup.run(SetupSettings.from(environment));
        ProcessorApplication processor = ProcessorApplication.start(ProcessorSettings.from(environment));
        parts.push(processor);
        GatewayApplication gateway = GatewayApplication.start(GatewaySettings.from(environment));
        parts.push(gateway);
        addresses.put("KAFKA", servers.kafka().bootstrapServers());
        addresses.put("TOPICS_PREFIX", prefix);
        addresses.put("GATEWAY", "http://127.0.0.1:" + gateway.port());
        Awaitility.await("processor ready").atMost(PATIENCE).until(processor::isReady);
    }

    @Test
    void bookingThroughKafkaGetsItsResults() throws Exception {
        Run example = run("node", "kafka.js");

        assertThat(example.status()).as(example.output()).isZero();
        assertThat(example.output().lines())
                .satisfiesExactly(
                        line -> assertThat(line).isEqualTo("createEvent: ACCEPTED"),
                        line -> assertThat(line)
                                .matches("book for alice: ACCEPTED, in the line of partition \\d+ at \\d+"),
                        line -> assertThat(line)
                                .matches(
                                        "book for bob: REJECTED ALREADY_BOOKED, in the line of partition \\d+ at \\d+"));
        assertThat(commands())
                .hasSizeGreaterThanOrEqualTo(3)
                .allSatisfy(command -> assertThat(command.partition())
                        .as("where Java's own producer would put it")
                        .isEqualTo(BuiltInPartitioner.partitionForKey(
                                command.key(), partitions().size())));
    }

    @Test
    void bookingThroughHttpGetsItsResults() throws Exception {
        Run example = run("node", "http.js");

        assertThat(example.status()).as(example.output()).isZero();
        assertThat(example.output().lines())
                .containsExactly(
                        "createEvent: ACCEPTED", "book for alice: ACCEPTED", "book for bob: REJECTED ALREADY_BOOKED");
    }

    @Test
    void theLockFileNamesNoHost() throws IOException {
        assertThat(Files.readString(EXAMPLE.resolve("package-lock.json")))
                .contains("\"integrity\"")
                .doesNotContain("\"resolved\"", "://");
    }

    private List<ConsumerRecord<byte[], byte[]>> commands() {
        List<ConsumerRecord<byte[], byte[]>> commands = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            List<TopicPartition> partitions = partitions();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream()
                    .anyMatch(partition -> consumer.position(partition) < requireNonNull(ends.get(partition)))) {
                consumer.poll(Duration.ofSeconds(1)).forEach(commands::add);
            }
        }
        return commands;
    }

    private List<TopicPartition> partitions() {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            return consumer.partitionsFor(topics.commands()).stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
        }
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        EmbeddedServers.shared().kafka().bootstrapServers()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    private record Run(int status, String output) {}

    /** Runs it in the copy; it is killed when it takes too long. */
    private Run run(String... command) throws IOException, InterruptedException {
        Path output = Files.createTempFile(directory.path(), "output", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.path().toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("NODE_NO_WARNINGS", "1");
        builder.environment().putAll(addresses);
        Process process = builder.start();
        try {
            boolean ended = process.waitFor(PATIENCE.toSeconds(), SECONDS);
            assertThat(ended)
                    .as("ended: " + String.join(" ", command) + "\n" + Files.readString(output))
                    .isTrue();
            return new Run(process.exitValue(), Files.readString(output));
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
