package booking.processor;

import static org.assertj.core.api.Assertions.assertThat;

import booking.embedded.EmbeddedKafka;
import booking.embedded.EmbeddedServers;
import booking.embedded.KafkaOptions;
import booking.embedded.PortRequest;
import booking.embedded.TemporaryDirectory;
import java.util.Map;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A broker that is away, and comes back on its data, costs time and nothing else. */
class BrokerAwayIT {
    private final TemporaryDirectory directory = TemporaryDirectory.create("broker-away-");
    private final KafkaOptions options = KafkaOptions.in(directory.path()).withPort(PortRequest.any());
    private EmbeddedKafka kafka = EmbeddedKafka.start(options);
    private final BookingSystem system =
            new BookingSystem(kafka, EmbeddedServers.shared().postgres(), Map.of());

    @BeforeAll
    static void threadsMayFail() {
        // They are replaced then, and what counts is what comes of it.
        Awaitility.doNotCatchUncaughtExceptionsByDefault();
    }

    @AfterAll
    static void threadsMayNotFail() {
        Awaitility.reset();
    }

    @AfterEach
    void stop() {
        try {
            system.close();
        } finally {
            kafka.close();
            directory.close();
        }
    }

    @Test
    void everyAcknowledgedCommandIsAnsweredOnceWhenTheBrokerIsStoppedAndStartedAgain() {
        requireAnsweredOnceAcross(EmbeddedKafka::close);
    }

    @Test
    void everyAcknowledgedCommandIsAnsweredOnceWhenTheBrokerIsKilledAndStartedAgain() {
        requireAnsweredOnceAcross(EmbeddedKafka::kill);
    }

    private void requireAnsweredOnceAcross(Consumer<EmbeddedKafka> end) {
        ProcessorApplication processor = system.startProcessor();
        try (Load load = Load.start(system)) {
            for (int restart = 0; restart < 2; restart++) {
                load.awaitMoreBookings(500);
                end.accept(kafka);
                kafka = EmbeddedKafka.start(options);
            }
            load.awaitMoreBookings(500);
            Readiness.await(processor);
            load.requireEveryCommandAnsweredOnce();
        }
        assertThat(processor.failure()).isNotDone();
    }
}
