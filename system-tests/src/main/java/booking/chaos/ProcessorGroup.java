package booking.chaos;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;

/** Which processors have a place in the consumer group, and with it partitions, as the brokers see it. */
final class ProcessorGroup implements AutoCloseable {
    private static final String GROUP = "booking-processor";

    /** Kafka Streams names each thread's client after the process that it is in. */
    private static final Pattern CLIENT = Pattern.compile("(?<process>.+)-StreamThread-[0-9]+-consumer");

    private final Admin admin;

    ProcessorGroup(String bootstrapServers) {
        admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
    }

    /** Waits until exactly so many processors are in it; false when they are not in time. */
    boolean awaitProcesses(int count, Duration time) throws InterruptedException {
        return Waiting.until(time, () -> processes().size() == count);
    }

    /** Waits until one is in it that is none of these; false when there is none in time. */
    boolean awaitAnother(Set<String> known, Duration time) throws InterruptedException {
        return Waiting.until(time, () -> !known.containsAll(processes()));
    }

    /** Those that are in it, also while it shares out partitions; nobody, too, while the brokers do not tell. */
    Set<String> processes() throws InterruptedException {
        try {
            return admin.describeClassicGroups(List.of(GROUP)).all().get().values().stream()
                    .flatMap(group -> group.members().stream())
                    .map(MemberDescription::clientId)
                    .map(CLIENT::matcher)
                    .filter(Matcher::matches)
                    .map(client -> client.group("process"))
                    .collect(Collectors.toSet());
        } catch (ExecutionException notNow) {
            return Set.of();
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }
}
