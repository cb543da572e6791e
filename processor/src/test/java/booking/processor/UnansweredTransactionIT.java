package booking.processor;

import static org.assertj.core.api.Assertions.assertThat;

import booking.embedded.EmbeddedKafka;
import booking.embedded.EmbeddedServers;
import booking.embedded.FreePorts;
import booking.embedded.KafkaOptions;
import booking.embedded.PortRequest;
import booking.embedded.TemporaryDirectory;
import booking.schemas.command.Book;
import booking.schemas.result.Position;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A broker that takes part in everything, and does not say what became of a transaction, holds nobody up for long. */
class UnansweredTransactionIT {
    private final TemporaryDirectory directory = TemporaryDirectory.create("unanswered-transaction-");
    private final int port = FreePorts.any();
    private final int behindProxy = FreePorts.any();
    private final int controller = FreePorts.any();
    private final BrokerProxy proxy = new BrokerProxy(behindProxy);
    private final EmbeddedKafka kafka = EmbeddedKafka.start(KafkaOptions.in(directory.path())
            .withPort(PortRequest.exactly(port))
            .withSetting("controller.quorum.voters", "1@127.0.0.1:" + controller)
            .withSetting(
                    "listeners",
                    "CLIENT://127.0.0.1:" + port + ",PROXY://127.0.0.1:" + behindProxy + ",CONTROLLER://127.0.0.1:"
                            + controller)
            .withSetting("advertised.listeners", "CLIENT://127.0.0.1:" + port + ",PROXY://127.0.0.1:" + proxy.port())
            .withSetting("listener.security.protocol.map", "CLIENT:PLAINTEXT,PROXY:PLAINTEXT,CONTROLLER:PLAINTEXT"));
    private final BookingSystem system = new BookingSystem(
            kafka,
            EmbeddedServers.shared().postgres(),
            Map.of(
                    "BOOKING_KAFKA_BOOTSTRAP_SERVERS",
                    "127.0.0.1:" + proxy.port(),
                    "BOOKING_TOPICS_PARTITIONS",
                    "1",
                    "BOOKING_PROCESSOR_THREADS",
                    "1"));

    @AfterEach
    void stop() {
        try {
            system.close();
        } finally {
            proxy.close();
            kafka.close();
            directory.close();
        }
    }

    @Test
    void theNextProducerFindsOutAndEveryCommandIsAnsweredOnce() {
        String event = Commands.newEventId();
        ProcessorApplication processor = system.startProcessor();
        Set<Position> sent = new HashSet<>(system.write(Commands.event(event, 9)));
        system.awaitAllDecided();
        proxy.withholdEndsOfTransactions();

        Book book = Commands.book(event, "alice");
        sent.addAll(system.write(book));

        system.result(book.commandId());
        assertThat(proxy.withheld()).as("ends that the broker has not heard of").isPositive();
        assertThat(processor.failure()).isNotDone();
        Awaitility.await("ready").atMost(BookingSystem.PATIENCE).until(processor::isReady);
        sent.addAll(system.write(Commands.book(event, "bob")));
        system.dispositions().requireExactlyOneFor(sent);
    }
}
