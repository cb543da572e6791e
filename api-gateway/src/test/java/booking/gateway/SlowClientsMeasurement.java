package booking.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * How long normal clients wait for their answers while others are slow, beside how long they wait without those. No test of the
 * build: it is run by its name, as docs/reliability.md says, and prints what it sees.
 */
class SlowClientsMeasurement {
    private static final int NORMAL = 4;
    private static final int SLOW = 200;
    private static final int READERS = 1_000;
    private static final int ROUNDS = 5;
    private static final long ROUND_NANOS = 12_000_000_000L;
    private static final double NANOS_PER_MILLI = 1e6;

    @Test
    void normalClientsBesideSlowOnes() throws IOException {
        try (BookingOffice office = BookingOffice.open()) {
            GatewayProcess gateway =
                    office.startGatewayProcess(Map.of("BOOKING_HTTP_STREAMS", Integer.toString(READERS + 1)));
            String eventId = office.event(Integer.MAX_VALUE);
            round(gateway, eventId);
            tell("each round has %d normal clients; milliseconds, %d rounds of each kind in turn", NORMAL, ROUNDS);
            tell("%-8s %8s %8s %8s %8s %8s %10s", "slow", "answers", "p50", "p99", "p99.9", "max", "heap MB");
            List<long[]> without = new ArrayList<>();
            List<long[]> with = new ArrayList<>();
            for (int i = 0; i < ROUNDS; i++) {
                without.add(round(gateway, eventId));
                tell("none", without.get(i), gateway);
                try (SlowConnections readers = SlowConnections.stalledReaders(
                                gateway.port(),
                                READERS,
                                "GET /v1/stream HTTP/1.1\r\nHost: localhost\r\n\r\n",
                                "HTTP/1.1 200 OK");
                        SlowConnections heads = SlowConnections.stubbornSenders(
                                gateway.port(), SLOW, HostileClientsIT.SLOW_HEAD + "X: ", "y");
                        SlowConnections bodies = SlowConnections.stubbornSenders(
                                gateway.port(), SLOW, HostileClientsIT.SLOW_BODY, " ")) {
                    assertThat(readers.size() + heads.size() + bodies.size()).isEqualTo(READERS + 2 * SLOW);
                    with.add(round(gateway, eventId));
                    tell("1,400", with.get(i), gateway);
                }
            }
            tell("p99 of all rounds: %.1f without, %.1f with slow clients", p(all(without), 0.99), p(all(with), 0.99));
        }
    }

    /** How long each answer took, in order of that. */
    private static long[] round(GatewayProcess gateway, String eventId) {
        ExecutorService threads = Executors.newFixedThreadPool(NORMAL);
        try {
            long end = System.nanoTime() + ROUND_NANOS;
            List<CompletableFuture<LongStream>> clients = new ArrayList<>();
            for (int i = 0; i < NORMAL; i++) {
                clients.add(CompletableFuture.supplyAsync(() -> client(gateway.client(), eventId, end), threads));
            }
            return clients.stream()
                    .flatMapToLong(CompletableFuture::join)
                    .sorted()
                    .toArray();
        } finally {
            threads.shutdownNow();
        }
    }

    private static LongStream client(Client client, String eventId, long end) {
        LongStream.Builder took = LongStream.builder();
        while (System.nanoTime() < end) {
            long start = System.nanoTime();
            Reply booked = client.post("/v1/events/" + eventId + "/bookings", "{\"userId\":\"alice\"}");
            took.add(System.nanoTime() - start);
            assertThat(booked.status()).isEqualTo(201);
            start = System.nanoTime();
            Reply seen = client.get("/v1/events/" + eventId);
            took.add(System.nanoTime() - start);
            assertThat(seen.status()).isEqualTo(200);
        }
        return took.build();
    }

    private static long[] all(List<long[]> rounds) {
        return rounds.stream().flatMapToLong(Arrays::stream).sorted().toArray();
    }

    private static double p(long[] sorted, double share) {
        return sorted[(int) Math.ceil(share * sorted.length) - 1] / NANOS_PER_MILLI;
    }

    private static void tell(String slow, long[] sorted, GatewayProcess gateway) {
        tell(
                "%-8s %8d %8.1f %8.1f %8.1f %8.1f %10.1f",
                slow,
                sorted.length,
                p(sorted, 0.5),
                p(sorted, 0.99),
                p(sorted, 0.999),
                p(sorted, 1),
                gateway.liveHeapBytes() / 1e6);
    }

    private static void tell(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
