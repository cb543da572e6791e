package booking.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EmbeddedKafkaIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private TemporaryDirectory directory;
    private KafkaOptions options;

    @BeforeEach
    void chooseDirectory() {
        directory = TemporaryDirectory.create("kafka-it-");
        options = KafkaOptions.in(directory.path()).withPort(PortRequest.any());
    }

    @AfterEach
    void removeDirectory() {
        ProcessLock.lastHolder(directory.path().resolve(BrokerMain.LOCK))
                .filter(BrokerOrphan::isBroker)
                .ifPresent(ProcessHandle::destroyForcibly);
        directory.close();
    }

    @Test
    void keepsWhatATransactionWroteOverACloseAndAKill() throws Exception {
        EmbeddedKafka kafka = EmbeddedKafka.start(options);
        create(kafka, "words");
        writeInATransaction(kafka, "first");
        ProcessHandle process = kafka.process();
        kafka.close();
        assertThat(process.isAlive()).isFalse();

        kafka = EmbeddedKafka.start(options);
        writeInATransaction(kafka, "second");
        kafka.kill();
        assertThat(kafka.process().isAlive()).isFalse();

        try (EmbeddedKafka again = EmbeddedKafka.start(options)) {
            assertThat(again.bootstrapServers()).isEqualTo(kafka.bootstrapServers());
            writeInATransaction(again, "third");
            assertThat(read(again, 3)).containsExactly("first", "second", "third");
        }
    }

    @Test
    void makesNoTopicThatNobodyCreated() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(options);
                Admin admin = admin(kafka)) {
            assertThat(admin.describeTopics(List.of("words")).topicNameValues().get("words"))
                    .failsWithin(PATIENCE)
                    .withThrowableThat()
                    .withMessageContaining("UnknownTopicOrPartition");
        }
    }

    @Test
    void settingsAreTheBrokers() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(options.withSetting("auto.create.topics.enable", "true"))) {
            writeInATransaction(kafka, "first");

            assertThat(read(kafka, 1)).containsExactly("first");
        }
    }

    @Test
    void theBrokersProcessHasTheCorrectedClassAndNotTheOneOfKafkasJar() throws Exception {
        Path loaded = directory.path().resolve("loaded.log");
        KafkaOptions logging = options.withJvmArguments(List.of("-Xlog:class+load:file=" + loaded));

        try (EmbeddedKafka kafka = EmbeddedKafka.start(logging)) {
            create(kafka, "words");

            assertThat(Files.readAllLines(loaded))
                    .filteredOn(line -> line.contains(" org.apache.kafka.metadata.KRaftMetadataCache "))
                    .singleElement()
                    .asString()
                    .contains("LookupDefineClass")
                    .doesNotContain(".jar");
        }
    }

    @Test
    void aFirstStartThatWasCutShortIsBegunAnew() throws Exception {
        Files.createDirectories(directory.path().resolve("data.unfinished"));
        Files.writeString(directory.path().resolve("data.unfinished/meta.properties"), "version=1\n");

        try (EmbeddedKafka kafka = EmbeddedKafka.start(options)) {
            create(kafka, "words");
        }
    }

    @Test
    void aTakenPortIsOneClearError() throws Exception {
        int port = options.port().first();
        try (ServerSocket other = new ServerSocket(port, 1, Loopback.ADDRESS)) {
            assertThat(other.isBound()).isTrue();

            assertThatThrownBy(() -> EmbeddedKafka.start(options))
                    .isInstanceOf(PortTakenException.class)
                    .hasMessage("port " + port + " on 127.0.0.1 is taken");
        }
    }

    @Test
    void aDirectoryThatKafkaWouldTakeForTwoIsOneClearError() {
        KafkaOptions comma =
                KafkaOptions.in(directory.path().resolve("here,there")).withPort(options.port());

        assertThatThrownBy(() -> EmbeddedKafka.start(comma))
                .isInstanceOf(EmbeddedServerException.class)
                .hasMessageContaining("here,there/data: a comma in the name");
    }

    @Test
    void oneDirectoryIsForOneBroker() {
        try (EmbeddedKafka first = EmbeddedKafka.start(options)) {
            KafkaOptions again = options.withPort(PortRequest.any());
            assertThatThrownBy(() -> EmbeddedKafka.start(again))
                    .isInstanceOf(EmbeddedServerException.class)
                    .hasMessageStartingWith("another process runs Kafka in " + directory.path());
            assertThat(first.process().isAlive()).isTrue();
        }
    }

    @Test
    void aBrokerThatCannotStartShowsTheEndOfItsLog() {
        assertThatThrownBy(() -> EmbeddedKafka.start(options.withSetting("num.io.threads", "many")))
                .isInstanceOf(EmbeddedServerException.class)
                .hasMessageContaining("Kafka ended while starting (exit code 1); the end of")
                .hasMessageContaining("Invalid value many for configuration num.io.threads");
    }

    private static Admin admin(EmbeddedKafka kafka) {
        return Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    }

    private static void create(EmbeddedKafka kafka, String topic) throws Exception {
        try (Admin admin = admin(kafka)) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
        }
    }

    private static void writeInATransaction(EmbeddedKafka kafka, String word) throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "transactional.id", "writer"),
                new StringSerializer(),
                new StringSerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("words", word)).get();
            producer.commitTransaction();
        }
    }

    private static List<String> read(EmbeddedKafka kafka, int count) {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", kafka.bootstrapServers(),
                        "isolation.level", "read_committed",
                        "auto.offset.reset", "earliest"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.assign(List.of(new TopicPartition("words", 0)));
            List<String> words = new ArrayList<>();
            long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
            while (words.size() < count && System.nanoTime() - deadlineNanos < 0) {
                consumer.poll(Duration.ofMillis(200)).forEach(message -> words.add(message.value()));
            }
            return words;
        }
    }
}
