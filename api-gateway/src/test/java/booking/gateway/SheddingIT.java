package booking.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/** What the gateway does when commands are not decided. */
class SheddingIT {
    private static final int MOST = 200;
    private static final String BODY = "{\"userId\":\"alice\"}";

    @Test
    void withTooManyUndecidedNothingIsWrittenAndWhatWasTakenIsStillDecided() {
        try (BookingOffice office = BookingOffice.unmanned(
                Map.of("BOOKING_SHED_UNDECIDED", Integer.toString(MOST), "BOOKING_SHED_STALLED", "0s"))) {
            Client client = office.client();
            List<Reply> taken = new ArrayList<>();
            Reply refused = bookUntilRefused(client, taken);

            assertThat(taken).hasSizeGreaterThan(MOST);
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.at("/reason")).isEqualTo("PROCESSOR_BEHIND");
            assertThat(refused.at("/detail")).contains("too many");
            assertThat(Integer.parseInt(refused.header("Retry-After").orElseThrow()))
                    .isBetween(1, 60);
            assertThat(book(client, "Prefer", "respond-async").status()).isEqualTo(503);
            assertThat(value(client, "booking_commands_shed_total{why=\"too_many\"}"))
                    .isGreaterThanOrEqualTo(2);
            // Reads go on, and so does what finishes something.
            assertThat(client.get("/v1/events").status()).isEqualTo(200);
            assertThat(client.get(location(taken.get(0))).at("/status")).isEqualTo("PENDING");
            taken.add(confirm(client));
            assertThat(taken.get(taken.size() - 1).status()).isEqualTo(202);
            await().atMost(BookingOffice.PATIENCE)
                    .until(() -> value(client, "booking_undecided_commands") == taken.size());

            office.startProcessor();

            await().atMost(BookingOffice.PATIENCE)
                    .until(() -> book(client, "Prefer", "wait=30").status() == 404);
            assertThat(value(client, "booking_shedding")).isZero();
            assertThat(taken)
                    .allSatisfy(reply -> assertThat(client.get(location(reply)).at("/status"))
                            .isEqualTo("REJECTED"));
        }
    }

    @Test
    void aProcessorThatStandsStillIsNoticedAndSoIsThatItGoesOn() {
        try (BookingOffice office =
                BookingOffice.unmanned(Map.of("BOOKING_SHED_UNDECIDED", "0", "BOOKING_SHED_STALLED", "2s"))) {
            Client client = office.client();
            List<Reply> taken = new ArrayList<>();
            Reply refused = bookUntilRefused(client, taken);

            assertThat(taken).isNotEmpty();
            assertThat(refused.at("/reason")).isEqualTo("PROCESSOR_BEHIND");
            assertThat(refused.at("/detail")).contains("no command has been decided for more than 2 s");
            assertThat(refused.header("Retry-After")).contains("10");
            assertThat(value(client, "booking_shedding")).isEqualTo(1);
            assertThat(value(client, "booking_commands_shed_total{why=\"stalled\"}"))
                    .isGreaterThanOrEqualTo(1);
            assertThat(confirm(client).status()).isEqualTo(202);
            // It runs, and is ready to say so.
            assertThat(client.get("/health/ready").status()).isEqualTo(200);

            office.startProcessor();

            await().atMost(BookingOffice.PATIENCE)
                    .until(() -> book(client, "Prefer", "wait=30").status() == 404);
        }
    }

    @Test
    void leftoversOfAnAbortedTransactionDoNotKeepCommandsOut() {
        try (BookingOffice office =
                        BookingOffice.unmanned(Map.of("BOOKING_SHED_UNDECIDED", "20", "BOOKING_SHED_STALLED", "2s"));
                KafkaProducer<String, String> upstream = new KafkaProducer<>(
                        Map.of(
                                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                office.servers().bootstrapServers(),
                                ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                                "upstream-" + UUID.randomUUID()),
                        new StringSerializer(),
                        new StringSerializer())) {
            office.startProcessor();
            Client client = office.client();
            Reply first = book(client, "Prefer", "wait=30");
            assertThat(first.status()).isEqualTo(404);
            // Where nothing has been decided, nothing is committed when the processors pass over these.
            String commands = office.topics().commands();
            int elsewhere = (Integer.parseInt(first.at("/result/position/partition")) + 1)
                    % upstream.partitionsFor(commands).size();
            upstream.initTransactions();
            upstream.beginTransaction();
            for (int i = 0; i < 50; i++) {
                var unused = upstream.send(new ProducerRecord<>(commands, elsewhere, "e1", "{}"));
            }
            upstream.flush();
            upstream.abortTransaction();
            await().atMost(BookingOffice.PATIENCE).until(() -> value(client, "booking_undecided_commands") > 20);

            await().atMost(BookingOffice.PATIENCE)
                    .until(() -> book(client, "Prefer", "wait=30").status() == 404);
            for (int i = 0; i < 10; i++) {
                assertThat(book(client, "Prefer", "wait=30").status()).isEqualTo(404);
            }
            assertThat(value(client, "booking_undecided_commands")).isGreaterThan(20);
            assertThat(value(client, "booking_shedding")).isZero();
        }
    }

    /** Notes those that are taken; gives the first that is not. */
    private static Reply bookUntilRefused(Client client, List<Reply> taken) {
        List<Reply> refused = new ArrayList<>();
        await().atMost(BookingOffice.PATIENCE).until(() -> {
            // Many at first; then one at a time, until it is noticed.
            for (int i = taken.isEmpty() ? 0 : MOST; i <= MOST && refused.isEmpty(); i++) {
                Reply reply = book(client, "Prefer", "respond-async");
                (reply.status() == 202 ? taken : refused).add(reply);
            }
            return !refused.isEmpty();
        });
        return refused.get(0);
    }

    private static Reply book(Client client, String... headers) {
        return client.post("/v1/events/nowhere/bookings", BODY, headers);
    }

    private static Reply confirm(Client client) {
        return client.send(
                "POST",
                "/v1/events/nowhere/bookings/" + UUID.randomUUID() + "/confirmation",
                null,
                "Prefer",
                "respond-async");
    }

    private static String location(Reply reply) {
        return reply.header("Location").orElseThrow();
    }

    private static double value(Client client, String series) {
        return client.get("/metrics")
                .text()
                .lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElseThrow();
    }
}
