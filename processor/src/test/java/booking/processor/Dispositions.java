package booking.processor;

import static org.assertj.core.api.Assertions.assertThat;

import booking.schemas.result.Position;
import booking.schemas.result.Result;
import booking.schemas.result.ResultDecoder;
import booking.schemas.topic.HeaderNames;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What became of the records of a commands topic: by position, the results and the dead letters that say they are of
 * that record.
 */
public final class Dispositions {
    private static final ResultDecoder RESULTS = new ResultDecoder();

    private final Map<Position, List<Result>> results = new LinkedHashMap<>();
    private final Map<Position, List<ConsumerRecord<byte[], byte[]>>> records = new LinkedHashMap<>();

    static Dispositions of(
            String commandsTopic,
            List<ConsumerRecord<byte[], byte[]>> results,
            List<ConsumerRecord<byte[], byte[]>> deadLetters) {
        Dispositions dispositions = new Dispositions();
        for (ConsumerRecord<byte[], byte[]> record : results) {
            String[] source = header(record, HeaderNames.SOURCE).split("/");
            assertThat(source).hasSize(4).startsWith("", commandsTopic);
            Position position = new Position(Integer.parseInt(source[2]), Long.parseLong(source[3]));
            dispositions.add(position, record);
            dispositions
                    .results
                    .computeIfAbsent(position, none -> new ArrayList<>())
                    .add(RESULTS.decode(record.value()));
        }
        for (ConsumerRecord<byte[], byte[]> record : deadLetters) {
            assertThat(header(record, "__streams.errors.topic")).isEqualTo(commandsTopic);
            dispositions.add(
                    new Position(
                            Integer.parseInt(header(record, "__streams.errors.partition")),
                            Long.parseLong(header(record, "__streams.errors.offset"))),
                    record);
        }
        return dispositions;
    }

    private void add(Position position, ConsumerRecord<byte[], byte[]> record) {
        records.computeIfAbsent(position, none -> new ArrayList<>()).add(record);
    }

    /** Fails unless each of these positions has exactly one disposition, and no other position has any. */
    void requireExactlyOneFor(Set<Position> commands) {
        assertThat(without(commands, records.keySet()))
                .as("commands without a disposition")
                .isEmpty();
        assertThat(without(records.keySet(), commands))
                .as("dispositions of no command")
                .isEmpty();
        assertThat(records.entrySet().stream()
                        .filter(disposition -> disposition.getValue().size() != 1)
                        .toList())
                .as("commands with more than one disposition")
                .isEmpty();
    }

    /** As AssertJ's containsAll takes very long for many. */
    private static Set<Position> without(Set<Position> positions, Set<Position> others) {
        Set<Position> left = new HashSet<>(positions);
        left.removeAll(others);
        return left;
    }

    /** Each result, in the order of the results topic's partitions. */
    List<Result> results() {
        return results.values().stream().flatMap(List::stream).toList();
    }

    /** The one result of the record there. */
    Result result(Position position) {
        List<Result> found = Objects.requireNonNull(results.get(position), () -> "no result of " + position);
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    /** The one record, a result or a dead letter, that answers the record there. */
    ConsumerRecord<byte[], byte[]> record(Position position) {
        List<ConsumerRecord<byte[], byte[]>> found =
                Objects.requireNonNull(records.get(position), () -> "no disposition of " + position);
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    /** The text of a header that must be there once. */
    static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        var headers = record.headers().headers(name).iterator();
        assertThat(headers).as("header %s", name).hasNext();
        String value = BookingSystem.text(headers.next().value());
        assertThat(headers).as("second header %s", name).isExhausted();
        return value;
    }
}
