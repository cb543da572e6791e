package booking.processor.desk;

import booking.processor.BookingSystem;
import booking.schemas.command.Command;
import booking.schemas.command.CommandEncoder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** A commands topic that a test writes by hand, and cuts into polls as it likes. */
final class CommandLog {
    private static final CommandEncoder ENCODER = new CommandEncoder();
    static final Instant FIRST = Instant.parse("2026-11-22T10:00:00.001Z");

    private final Map<Integer, List<ConsumerRecord<byte[], byte[]>>> partitions = new TreeMap<>();
    private Instant next = FIRST;

    /** Writes commands into a partition, behind those that are there. */
    CommandLog write(int partition, Command... commands) {
        for (Command command : commands) {
            write(partition, BookingSystem.utf8(command.eventId()), ENCODER.encode(command));
        }
        return this;
    }

    /** Writes a command at this time; those behind it come a second after one another. */
    CommandLog write(int partition, Instant at, Command command) {
        next = at;
        return write(partition, command);
    }

    CommandLog write(int partition, byte[] key, byte[] value) {
        List<ConsumerRecord<byte[], byte[]>> records = partitions.computeIfAbsent(partition, none -> new ArrayList<>());
        records.add(new ConsumerRecord<>(
                "commands",
                partition,
                records.size(),
                next.toEpochMilli(),
                TimestampType.LOG_APPEND_TIME,
                key.length,
                value.length,
                key,
                value,
                new RecordHeaders(),
                Optional.empty()));
        next = next.plusSeconds(1);
        return this;
    }

    /** How many commands were written into a partition. */
    int size(int partition) {
        return partitions.getOrDefault(partition, List.of()).size();
    }

    /** A poll that brings all there is. */
    List<CommandBatch> all() {
        return partitions.keySet().stream()
                .map(partition -> batch(partition, 0, size(partition)))
                .toList();
    }

    /** What a poll brings from one partition: the commands from one offset to before another. */
    CommandBatch batch(int partition, int from, int to) {
        return new CommandBatch(
                partition,
                List.copyOf(partitions.getOrDefault(partition, List.of()).subList(from, to)),
                to);
    }
}
