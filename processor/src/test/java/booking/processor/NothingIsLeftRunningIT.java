package booking.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import booking.embedded.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A processor that could not start, or has stopped, leaves no thread behind. */
class NothingIsLeftRunningIT {
    private final BookingSystem system = new BookingSystem(Map.of("BOOKING_TOPICS_PARTITIONS", "1"));
    private Set<Thread> before = Set.of();

    @BeforeEach
    void lookAround() {
        before = threads();
    }

    @AfterEach
    void stop() {
        system.close();
    }

    @Test
    void whenThePortForHealthIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            system.environment().put("BOOKING_PROCESSOR_HEALTH_PORT", Integer.toString(taken.getLocalPort()));

            assertThatThrownBy(system::startProcessor)
                    .hasMessageContaining("health cannot be told at 127.0.0.1:" + taken.getLocalPort());
        }
        requireNothingNew();
    }

    @Test
    void whenNoBrokerHasThatName() {
        system.environment().put("BOOKING_KAFKA_BOOTSTRAP_SERVERS", "no-such-broker.invalid:9092");

        assertThatThrownBy(system::startProcessor).hasMessageContaining("Failed to create new KafkaAdminClient");
        requireNothingNew();
    }

    @Test
    void whenTheDatabaseIsAway() {
        int port = FreePorts.any();
        system.environment().put("BOOKING_DATABASE_URL", "jdbc:postgresql://127.0.0.1:" + port + "/booking");

        assertThatThrownBy(system::startProcessor).hasMessageContaining("Connection to 127.0.0.1:" + port + " refused");
        requireNothingNew();
    }

    @Test
    void whenItIsStopped() {
        ProcessorApplication processor = system.startProcessor();
        await().atMost(BookingSystem.PATIENCE).until(processor::isReady);

        system.stop(processor);

        requireNothingNew();
    }

    private void requireNothingNew() {
        await().atMost(BookingSystem.PATIENCE).untilAsserted(() -> {
            Set<Thread> left = threads();
            left.removeAll(before);
            assertThat(left).isEmpty();
        });
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !thread.getName().matches("awaitility-thread|ForkJoinPool.*"))
                .collect(Collectors.toSet());
    }
}
