package booking.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import booking.embedded.EmbeddedKafka;
import booking.embedded.KafkaOptions;
import booking.embedded.PortRequest;
import booking.embedded.TemporaryDirectory;
import booking.schemas.topic.TopicNames;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Writers to Kafka notice when who should answer does not, or does so too often. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class KafkaLoadIT {
    private static TemporaryDirectory directory;
    private static EmbeddedKafka kafka;
    private static int tests;

    private TopicNames topics;

    @BeforeAll
    static void start() {
        directory = TemporaryDirectory.create("kafka-load-");
        kafka = EmbeddedKafka.start(KafkaOptions.in(directory.path()).withPort(PortRequest.any()));
    }

    @AfterAll
    static void stop() {
        try {
            kafka.close();
        } finally {
            directory.close();
        }
    }

    @BeforeEach
    void makeTopics() throws Exception {
        topics = TopicNames.withPrefix("test" + tests++);
        try (Admin admin = Admin.create(servers())) {
            admin.createTopics(List.of(
                            new NewTopic(topics.commands(), Optional.of(1), Optional.empty()),
                            new NewTopic(topics.results(), Optional.of(1), Optional.empty())))
                    .all()
                    .get();
        }
    }

    @Test
    void whoNeverAnswersIsGivenUp() {
        try (KafkaLoad load = load(Duration.ofSeconds(1))) {
            assertThatThrownBy(() -> load.run(requests(), new Pace.Closed(2), Duration.ofMinutes(10)))
                    .isInstanceOf(BenchmarkException.class)
                    .hasMessageMatching("no result for 1 s, while \\d+ commands wait for theirs");
        }
    }

    @Test
    void anAnswerTooManyIsNoticed() {
        assertThat(answered(2).complaints()).isNotEmpty().allMatch(complaint -> complaint.contains("more often"));
    }

    @Test
    void oneAnswerToEachIsWhatIsExpected() {
        Tally tally = answered(1);

        assertThat(tally.complaints()).isEmpty();
        assertThat(tally.decided()).isPositive();
    }

    /** What comes of it when each command is answered so often. */
    private Tally answered(int times) {
        AtomicBoolean isDone = new AtomicBoolean();
        CompletableFuture<Void> answering = CompletableFuture.runAsync(() -> answer(times, isDone));
        try (KafkaLoad load = load(Duration.ofSeconds(60))) {
            return load.run(requests(), new Pace.Closed(2), Duration.ofMillis(200));
        } finally {
            isDone.set(true);
            answering.join();
        }
    }

    /** A command has what is looked for in a refusal. */
    private void answer(int times, AtomicBoolean isDone) {
        try (var commands = new KafkaConsumer<>(servers(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
                var results = new KafkaProducer<>(servers(), new ByteArraySerializer(), new ByteArraySerializer())) {
            List<TopicPartition> partition = List.of(new TopicPartition(topics.commands(), 0));
            commands.assign(partition);
            commands.seekToBeginning(partition);
            while (!isDone.get()) {
                for (ConsumerRecord<byte[], byte[]> command : commands.poll(Duration.ofMillis(20))) {
                    for (int i = 0; i < times; i++) {
                        var unused = results.send(new ProducerRecord<>(topics.results(), command.value()));
                    }
                }
                results.flush();
            }
        }
    }

    private KafkaLoad load(Duration patience) {
        return new KafkaLoad(kafka.bootstrapServers(), topics, clients -> 5 * clients, patience);
    }

    private static Requests requests() {
        return new Requests(Workload.STADIUM, "run1", 7);
    }

    private static Map<String, Object> servers() {
        return Map.of("bootstrap.servers", kafka.bootstrapServers());
    }
}
