package booking.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;

/** The settings of a broker that is alone, and its own controller. */
final class BrokerSettings {
    private BrokerSettings() {}

    /** Writes them where the broker's process will read them. */
    static void write(Path file, Path data, int port, int controllerPort, Map<String, String> more) {
        if (data.toString().contains(",")) {
            throw new EmbeddedServerException("Kafka cannot keep its data in " + data
                    + ": a comma in the name would be a second directory to it");
        }
        Properties settings = new Properties();
        settings.putAll(addresses(port, controllerPort));
        settings.putAll(aloneAndQuick());
        settings.setProperty("log.dirs", data.toString());
        settings.putAll(more);
        try (Writer writer = Files.newBufferedWriter(file)) {
            settings.store(writer, "Written anew at each start.");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    private static Map<String, String> addresses(int port, int controllerPort) {
        return Map.of(
                "process.roles", "broker,controller",
                "node.id", "1",
                "controller.quorum.voters", "1@127.0.0.1:" + controllerPort,
                "listeners", "CLIENT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort,
                "listener.security.protocol.map", "CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT",
                "inter.broker.listener.name", "CLIENT",
                "controller.listener.names", "CONTROLLER");
    }

    private static Map<String, String> aloneAndQuick() {
        return Map.ofEntries(
                Map.entry("auto.create.topics.enable", "false"),
                Map.entry("offsets.topic.replication.factor", "1"),
                Map.entry("offsets.topic.num.partitions", "4"),
                Map.entry("transaction.state.log.replication.factor", "1"),
                Map.entry("transaction.state.log.min.isr", "1"),
                Map.entry("transaction.state.log.num.partitions", "4"),
                Map.entry("share.coordinator.state.topic.replication.factor", "1"),
                Map.entry("share.coordinator.state.topic.min.isr", "1"),
                // Nobody else will join: do not wait for others.
                Map.entry("group.initial.rebalance.delay.ms", "0"),
                Map.entry("group.min.session.timeout.ms", "1000"),
                // How soon the transaction of a client that died stops holding back its readers, after its timeout.
                Map.entry("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000"),
                // After kill -9 a broker is let in again when the session of its former life is over.
                Map.entry("broker.session.timeout.ms", "2000"),
                Map.entry("broker.heartbeat.interval.ms", "500"),
                // 128 MB by default, which is a quarter of the heap.
                Map.entry("log.cleaner.dedupe.buffer.size", "2097152"));
    }
}
