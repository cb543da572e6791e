package booking.processor;

import static booking.processor.Dispositions.header;
import static org.assertj.core.api.Assertions.assertThat;

import booking.schemas.command.Book;
import booking.schemas.command.CommandEncoder;
import booking.schemas.result.Accepted;
import booking.schemas.result.Position;
import booking.schemas.result.Reason;
import booking.schemas.result.Rejected;
import booking.schemas.result.Result;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is on the topic gets exactly one answer or one dead letter, and good commands beside it are decided. */
class BadInputIT {
    private BookingSystem system;
    private ProcessorApplication processor;
    private String event;
    private final Set<Position> sent = new HashSet<>();

    @BeforeEach
    void start() {
        system = new BookingSystem(Map.of());
        processor = system.startProcessor();
        event = Commands.newEventId();
        send(event, new String(new CommandEncoder().encode(Commands.event(event, 100_000)), StandardCharsets.UTF_8));
    }

    @AfterEach
    void stop() {
        system.close();
    }

    @Test
    void whatCannotBeAnsweredGoesToTheDeadLettersAsItCame() {
        String id = UUID.randomUUID().toString();
        Map<Position, byte @Nullable []> values = new LinkedHashMap<>();
        List<byte @Nullable []> bad = new ArrayList<>();
        bad.add(null);
        for (String text : List.of(
                "",
                " \n\t",
                "{\"type\":\"book\",\"commandId\":\"" + id,
                "[1,2]",
                "\"text\"",
                "42",
                "null",
                "[".repeat(1_000) + "]".repeat(1_000),
                book(id, event, "\"n\":" + "9".repeat(1_000_000)),
                book(id, event, "\"userId\":\"twice\""),
                "{\"type\":\"book\",\"eventId\":\"" + event + "\",\"userId\":\"alice\"}",
                "{\"type\":\"book\",\"commandId\":\"no-uuid\",\"eventId\":\"" + event + "\",\"userId\":\"alice\"}",
                "{\"type\":\"book\",\"commandId\":\"" + id + "\",\"userId\":\"alice\"}",
                "{\"type\":\"book\",\"commandId\":\"" + id + "\",\"eventId\":\"with space\",\"userId\":\"alice\"}")) {
            bad.add(utf8(text));
        }
        bad.add(new byte[] {'{', '"', (byte) 0xff, (byte) 0xc0, '"', ':', '1', '}'});
        for (byte @Nullable [] value : bad) {
            ProducerRecord<byte[], byte[]> record =
                    new ProducerRecord<>(system.topics().commands(), utf8(event), value);
            record.headers().add("my-header", utf8("mine")).add("__streams.errors.message", utf8("forged"));
            values.put(position(system.send(record)), value);
        }
        sent.addAll(values.keySet());
        Position good = sendBook("alice");

        Dispositions dispositions = system.dispositions();

        dispositions.requireExactlyOneFor(sent);
        values.forEach((position, value) -> {
            ConsumerRecord<byte[], byte[]> letter = dispositions.record(position);
            assertThat(letter.topic()).isEqualTo(system.topics().deadLetters());
            assertThat(letter.value()).isEqualTo(value);
            assertThat(letter.key()).isEqualTo(utf8(event));
            assertThat(header(letter, "my-header")).isEqualTo("mine");
            assertThat(header(letter, "__streams.errors.message")).isNotEmpty().isNotEqualTo("forged");
            assertThat(header(letter, "__streams.errors.exception")).isNotEmpty();
        });
        assertThat(dispositions.result(good)).isInstanceOf(Accepted.class);
    }

    @Test
    void whatCanBeAnsweredIsRefusedWithTheFieldNamed() {
        Map<Position, String> fields = new LinkedHashMap<>();
        fields.put(sendRaw(null, book(newId(), event, "")), "key");
        fields.put(sendRaw("other", book(newId(), event, "")), "key");
        fields.put(send(event, book(newId(), event, "").replace("\"book\"", "\"steal\"")), "type");
        fields.put(send(event, book(newId(), event, "").replace("\"userId\"", "\"user\"")), "userId");
        fields.put(send(event, book(newId(), event, "").replace("\"alice\"", "7")), "userId");
        for (String quantity : List.of("0", "-1", "1.5", "2147483648", "1e400", "\"3\"", "null", "[]")) {
            fields.put(send(event, book(newId(), event, "\"quantity\":" + quantity)), "quantity");
        }
        for (String user : List.of("a\\u0000b", "\\ud800", "u".repeat(2_000), "")) {
            fields.put(send(event, book(newId(), event, "").replace("\"alice\"", '"' + user + '"')), "userId");
        }
        Position good = sendBook("alice");

        Dispositions dispositions = system.dispositions();

        dispositions.requireExactlyOneFor(sent);
        fields.forEach((position, field) -> assertThat(dispositions.result(position))
                .isInstanceOfSatisfying(Rejected.class, rejected -> {
                    assertThat(rejected.reason()).isEqualTo(Reason.INVALID_COMMAND);
                    assertThat(rejected.detail()).contains(field);
                }));
        assertThat(dispositions.result(good)).isInstanceOf(Accepted.class);
    }

    @Test
    void theSameCommandAgainGetsTheStoredResultAndAnotherOneWithItsIdIsTold() {
        String id = newId();
        Position first = send(event, book(id, event, ""));
        Position sameBatch = send(event, book(id, event, "\"quantity\":1, \"unknown\":true"));
        system.resultsOf(UUID.fromString(id), 2);
        Position laterBatch = send(event, book(id, event, ""));
        Position otherContent = send(event, book(id, event, "\"quantity\":2"));
        Position otherPartition = otherPartition(first, book(id, event, ""));

        Dispositions dispositions = system.dispositions();

        dispositions.requireExactlyOneFor(sent);
        Result answer = dispositions.result(first);
        assertThat(answer).isInstanceOf(Accepted.class);
        for (Position again : List.of(sameBatch, laterBatch, otherPartition)) {
            assertThat(dispositions.result(again)).isEqualTo(answer);
        }
        assertThat(dispositions.result(otherContent))
                .isInstanceOfSatisfying(
                        Rejected.class,
                        rejected -> assertThat(rejected.reason()).isEqualTo(Reason.COMMAND_ID_REUSED));
        assertThat(system.count("SELECT confirmed FROM events WHERE id = ?", event))
                .isEqualTo(1);
    }

    @Test
    void aThousandPoisonRecordsInARowDoNotStopTheLine() {
        Position before = sendBook("before");
        for (int i = 0; i < 1_000; i++) {
            send(event, i % 2 == 0 ? "poison " + i : book(newId(), event, "\"quantity\":" + -i));
        }
        Position after = sendBook("after");

        Dispositions dispositions = system.dispositions();

        dispositions.requireExactlyOneFor(sent);
        assertThat(dispositions.result(before)).isInstanceOf(Accepted.class);
        assertThat(dispositions.result(after)).isInstanceOf(Accepted.class);
    }

    @Test
    void headersAreTheSendersOwnAndForgedOnesAreIgnored() {
        ProducerRecord<byte[], byte[]> forged = record(book(newId(), event, ""));
        forged.headers()
                .add("ce_id", utf8("forged"))
                .add("ce_source", utf8("/forged/0/0"))
                .add("__streams.errors.topic", utf8("forged"))
                .add("correlation", utf8("abc"))
                .add("traceparent", utf8("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));
        Position withForged = position(system.send(forged));
        ProducerRecord<byte[], byte[]> many = record(book(newId(), event, ""));
        for (int i = 0; i < 1_000; i++) {
            many.headers().add("header-" + i, utf8("value"));
        }
        Position withMany = position(system.send(many));
        sent.addAll(List.of(withForged, withMany));

        Dispositions dispositions = system.dispositions();

        dispositions.requireExactlyOneFor(sent);
        ConsumerRecord<byte[], byte[]> answer = dispositions.record(withForged);
        assertThat(header(answer, "ce_id"))
                .isEqualTo(dispositions.result(withForged).commandId().toString());
        assertThat(header(answer, "correlation")).isEqualTo("abc");
        assertThat(header(answer, "traceparent")).startsWith("00-4bf9");
        assertThat(answer.headers().lastHeader("__streams.errors.topic")).isNull();
        assertThat(dispositions.result(withMany)).isInstanceOf(Accepted.class);
        assertThat(dispositions.record(withMany).headers().toArray()).hasSizeLessThan(20);
    }

    @Test
    void aCommandOfAnAbortedTransactionIsInvisible() {
        Book aborted = Commands.book(event, "aborted");
        try (KafkaProducer<byte[], byte[]> upstream = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        String.valueOf(system.environment().get("BOOKING_KAFKA_BOOTSTRAP_SERVERS")),
                        "transactional.id",
                        "upstream-" + UUID.randomUUID()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            upstream.initTransactions();
            upstream.beginTransaction();
            var unused = upstream.send(record(text(aborted)));
            upstream.flush();
            upstream.abortTransaction();
        }
        Position after = sendBook("after");

        Dispositions dispositions = system.dispositions();

        dispositions.requireExactlyOneFor(sent);
        assertThat(dispositions.result(after)).isInstanceOf(Accepted.class);
        assertThat(system.count("SELECT count(*) FROM bookings WHERE id = ?", aborted.commandId()))
                .isZero();
    }

    @Test
    void aRecordThatIsLargerThanAnyMayBeWrittenIsPutAside() {
        byte[] large = utf8(book(newId(), event, "\"padding\":\"" + " ".repeat(3_000_000) + '"'));
        Position position = sendCompressed(new ProducerRecord<>(system.topics().commands(), utf8(event), large));
        sent.add(position);
        Position after = sendBook("after");

        Dispositions dispositions = system.dispositions();

        dispositions.requireExactlyOneFor(sent);
        ConsumerRecord<byte[], byte[]> letter = dispositions.record(position);
        assertThat(letter.value()).hasSize(1024 * 1024);
        assertThat(header(letter, "__streams.errors.cut")).isEqualTo("value of " + large.length + " bytes");
        assertThat(dispositions.result(after)).isInstanceOf(Accepted.class);
    }

    @ParameterizedTest
    @MethodSource("hugeHeaders")
    void headersThatAreLargerThanAnyMayBeWrittenAreLeftOut(List<String> names) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(system.topics().commands(), new byte[1024 * 1024], new byte[1024 * 1024]);
        names.forEach(name -> record.headers().add(name, new byte[0]));
        Position position = sendCompressed(record);
        sent.add(position);
        Position after = sendBook("after");

        Dispositions dispositions = system.dispositions();

        dispositions.requireExactlyOneFor(sent);
        ConsumerRecord<byte[], byte[]> letter = dispositions.record(position);
        assertThat(letter.key()).isEqualTo(record.key());
        assertThat(letter.value()).isEqualTo(record.value());
        assertThat(letter.headers().toArray()).hasSizeLessThan(10);
        assertThat(header(letter, "__streams.errors.cut")).isEqualTo("headers");
        assertThat(dispositions.result(after)).isInstanceOf(Accepted.class);
    }

    static Stream<Named<List<String>>> hugeHeaders() {
        return Stream.of(
                Named.of("a million empty ones", Collections.nCopies(1_000_000, "a")),
                Named.of("names of more bytes than characters", Collections.nCopies(20, "€".repeat(50_000))));
    }

    @Test
    void anAnswerThatTheBrokersFindTooLargeStopsTheProcessorRatherThanBeTriedForEver() {
        ConfigResource deadLetters =
                new ConfigResource(ConfigResource.Type.TOPIC, system.topics().deadLetters());
        BookingSystem.answered(system.admin()
                .incrementalAlterConfigs(Map.of(
                        deadLetters,
                        List.of(new AlterConfigOp(
                                new ConfigEntry(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "1000"),
                                AlterConfigOp.OpType.SET))))
                .all());
        byte[] incompressible = new byte[100_000];
        new Random(7).nextBytes(incompressible);

        var unused = system.send(new ProducerRecord<>(system.topics().commands(), utf8(event), incompressible));

        assertThat(processor.failure())
                .failsWithin(BookingSystem.PATIENCE)
                .withThrowableThat()
                .withStackTraceContaining(RecordTooLargeException.class.getName());
    }

    /** Brokers limit what is sent, and this is sent small. */
    private Position sendCompressed(ProducerRecord<byte[], byte[]> record) {
        try (KafkaProducer<byte[], byte[]> upstream = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        String.valueOf(system.environment().get("BOOKING_KAFKA_BOOTSTRAP_SERVERS")),
                        "compression.type",
                        "zstd",
                        "max.request.size",
                        30_000_000),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            return position(upstream.send(record));
        }
    }

    private Position otherPartition(Position first, String json) {
        Position position = position(system.send(new ProducerRecord<>(
                system.topics().commands(), (first.partition() + 1) % 12, utf8(event), utf8(json))));
        sent.add(position);
        return position;
    }

    private Position sendBook(String user) {
        return send(event, text(Commands.book(event, user)));
    }

    private Position send(String key, String json) {
        return sendRaw(key, json);
    }

    private Position sendRaw(@Nullable String key, String json) {
        Position position = position(system.send(
                new ProducerRecord<>(system.topics().commands(), key == null ? null : utf8(key), utf8(json))));
        sent.add(position);
        return position;
    }

    private ProducerRecord<byte[], byte[]> record(String json) {
        return new ProducerRecord<>(system.topics().commands(), utf8(event), utf8(json));
    }

    private static Position position(Future<RecordMetadata> future) {
        RecordMetadata at = BookingSystem.position(future);
        return new Position(at.partition(), at.offset());
    }

    private static String book(String commandId, String eventId, String more) {
        return "{\"type\":\"book\",\"commandId\":\"" + commandId + "\",\"eventId\":\"" + eventId
                + "\",\"userId\":\"alice\"" + (more.isEmpty() ? "" : "," + more) + "}";
    }

    private static String text(Book command) {
        return new String(new CommandEncoder().encode(command), StandardCharsets.UTF_8);
    }

    private static String newId() {
        return UUID.randomUUID().toString();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
