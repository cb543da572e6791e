package booking.processor.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import booking.processor.BookingSystem;
import booking.processor.ProcessorSettings;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whose transactions are ended, and whose are not. That it is done after a crash, the other tests of crashes show. */
final class AbandonedTransactionsIT {
    private final BookingSystem system = new BookingSystem(Map.of("BOOKING_TOPICS_PARTITIONS", "1"));
    private final String group = Objects.requireNonNull(system.environment().get("BOOKING_PROCESSOR_GROUP"));
    private final String process = group + "-" + UUID.randomUUID();
    private final AbandonedTransactions abandoned =
            new AbandonedTransactions(ProcessorSettings.from(system.environment()));

    @BeforeEach
    void nothingToEnd() throws Exception {
        assertThat(abandoned.look()).isEmpty();
    }

    @AfterEach
    void close() {
        abandoned.close();
        system.close();
    }

    @Test
    void oneWithoutAnOwnerIsEndedAtTheSecondLook() throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = openTransaction(process + "-1")) {
            assertThat(abandoned.look()).as("ended at the first look").isEmpty();

            assertThat(abandoned.look()).containsExactly(process + "-1");

            assertThat(isOpen(process + "-1")).isFalse();
            assertThatThrownBy(producer::commitTransaction).isInstanceOf(KafkaException.class);
        }
        assertThat(system.committed(system.topics().results())).isEmpty();
    }

    @Test
    void oneWhoseOwnerIsAMemberIsLeftAlone() throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = openTransaction(process + "-1");
                KafkaProducer<byte[], byte[]> another = openTransaction(process + "-2");
                KafkaConsumer<byte[], byte[]> member = member(process + "-StreamThread-1-consumer")) {
            abandoned.look();

            assertThat(abandoned.look()).containsExactly(process + "-2");

            producer.commitTransaction();
            assertThatThrownBy(another::commitTransaction).isInstanceOf(KafkaException.class);
            assertThat(member.assignment()).isNotEmpty();
        }
        assertThat(system.committed(system.topics().results())).hasSize(1);
    }

    @Test
    void thoseOfAnotherGroupAreLeftAlone() throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = openTransaction(group + "-2-" + UUID.randomUUID() + "-1")) {
            for (int i = 0; i < 3; i++) {
                assertThat(abandoned.look()).isEmpty();
            }
            producer.commitTransaction();
        }
    }

    @Test
    void allAreLeftAloneWhenAMemberDoesNotTellItsProcess() throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = openTransaction(process + "-1");
                KafkaConsumer<byte[], byte[]> member = member("named-by-hand-StreamThread-1-consumer")) {
            for (int i = 0; i < 3; i++) {
                assertThat(abandoned.look()).isEmpty();
            }
            producer.commitTransaction();
            assertThat(member.assignment()).isNotEmpty();
        }
    }

    /** Begins one and waits until it has been open for long enough to be looked at. */
    private KafkaProducer<byte[], byte[]> openTransaction(String id) throws Exception {
        KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers(), "transactional.id", id),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        producer.initTransactions();
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(system.topics().results(), new byte[1]))
                .get();
        await("open").atMost(BookingSystem.PATIENCE).until(() -> isOpen(id));
        return producer;
    }

    private boolean isOpen(String id) {
        return BookingSystem.answered(system.admin()
                        .listTransactions(new ListTransactionsOptions()
                                .filterStates(Set.of(TransactionState.ONGOING))
                                .filterOnDuration(AbandonedTransactions.OPEN_FOR.toMillis()))
                        .all())
                .stream()
                .map(TransactionListing::transactionalId)
                .anyMatch(id::equals);
    }

    private KafkaConsumer<byte[], byte[]> member(String clientId) {
        KafkaConsumer<byte[], byte[]> member = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers(), "group.id", group, "client.id", clientId),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        member.subscribe(Set.of(system.topics().commands()));
        await("member").atMost(BookingSystem.PATIENCE).until(() -> {
            member.poll(Duration.ofMillis(100));
            return !member.assignment().isEmpty();
        });
        return member;
    }

    private String bootstrapServers() {
        return Objects.requireNonNull(system.environment().get("BOOKING_KAFKA_BOOTSTRAP_SERVERS"));
    }
}
