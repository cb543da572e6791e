package booking.auditor;

import static org.assertj.core.api.Assertions.assertThat;

import booking.schemas.command.Book;
import booking.schemas.command.Command;
import booking.schemas.command.CommandEncoder;
import booking.schemas.command.CreateEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What senders may do that must neither hide a fault nor look like one. */
class SendersIT {
    private static final CommandEncoder COMMANDS = new CommandEncoder();
    private static final Instant DATE = Instant.parse("2030-05-01T20:00:00Z");

    private final TestSystem system = new TestSystem();

    @AfterEach
    void close() {
        system.close();
    }

    @Test
    void aTransactionThatCameToNothingDoesNotMakeASystemLookAsIfItWereAtWork() {
        system.send(event("real"));
        system.runUntilAllIsDone();
        abortATransaction();
        system.send(new ProducerRecord<>(
                system.topics().availability(),
                utf8("ghost"),
                utf8("{\"eventId\":\"ghost\",\"event\":{\"version\":7}}")));

        AuditReport report = Audit.run(system.auditSettings(), step -> {});

        assertThat(report.of(Promise.TABLES).verdict())
                .as(ReportText.of(report))
                .isEqualTo(Verdict.VIOLATED);
        assertThat(report.of(Promise.TABLES).offenders())
                .singleElement()
                .asString()
                .contains("ghost");
        assertThat(report.of(Promise.LIVENESS).verdict()).isEqualTo(Verdict.HOLDS);
    }

    @Test
    void whatUnpacksToMoreThanAPollMayBringIsReadPieceByPiece() {
        int records = 30;
        sendPacked(new byte[1024 * 1024], records);
        system.runUntilAllIsDone();

        AuditReport report = Audit.run(system.auditSettings(), step -> {});

        assertThat(report.exitCode()).as(ReportText.of(report)).isZero();
        assertThat(report.of(Promise.ANSWERS).counts())
                .containsEntry("commands", (long) records)
                .containsEntry("dead letters", (long) records);
    }

    private void sendPacked(byte[] value, int times) {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        system.bootstrapServers(),
                        "compression.type",
                        "gzip",
                        "linger.ms",
                        1_000,
                        "max.request.size",
                        2 * value.length),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            IntStream.range(0, times)
                    .mapToObj(i ->
                            producer.send(new ProducerRecord<>(system.topics().commands(), 0, utf8("key"), value)))
                    .toList()
                    .forEach(TestSystem::answered);
        }
    }

    private void abortATransaction() {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", system.bootstrapServers(), "transactional.id", system.name()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            TestSystem.answered(
                    producer.send(new ProducerRecord<>(system.topics().commands(), 0, null, utf8("{}"))));
            producer.abortTransaction();
        }
    }

    @Test
    void aSlotThatAnEventInSeveralPartitionsHasIsTaken() {
        CreateEvent spread = event("spread");
        sendTo(0, spread);
        sendTo(1, new Book(UUID.randomUUID(), "spread", "alice", 1, OptionalLong.empty()));
        system.runUntilAllIsDone();
        sendTo(2, event("second"));
        system.runUntilAllIsDone();

        AuditReport report = Audit.run(system.auditSettings(), step -> {});

        assertThat(report.of(Promise.ORDER).verdict()).as(ReportText.of(report)).isEqualTo(Verdict.UNKNOWN);
    }

    /** All at one time and place. */
    private static CreateEvent event(String id) {
        return new CreateEvent(
                UUID.randomUUID(),
                id,
                "Event",
                DATE,
                "hall",
                10,
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private void sendTo(int partition, Command command) {
        system.send(new ProducerRecord<>(
                system.topics().commands(), partition, utf8(command.eventId()), COMMANDS.encode(command)));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
