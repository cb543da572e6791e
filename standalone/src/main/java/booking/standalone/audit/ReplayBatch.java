package booking.standalone.audit;

import booking.processor.desk.CommandBatch;
import booking.schemas.command.Command;
import booking.schemas.command.CommandDecoder;
import booking.schemas.command.CreateEvent;
import booking.schemas.command.Decoded;
import booking.schemas.command.UpdateEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Commands that the desk can decide together although it takes one partition after the other: none of them has to do with
 * one of another partition that is also in here.
 */
final class ReplayBatch {
    private static final int MOST_COMMANDS = 2_000;
    private static final CommandDecoder DECODER = new CommandDecoder();

    private final SortedMap<Integer, List<ConsumerRecord<byte[], byte[]>>> records = new TreeMap<>();
    private final Map<UUID, Integer> commandIds = new HashMap<>();
    private final Map<Place, Integer> wantedPlaces = new HashMap<>();
    private final Set<Integer> partitionsThatWant = new HashSet<>();
    private final Set<Integer> partitionsThatMove = new HashSet<>();
    private int size;

    /** Takes the next command in; false when those in here have to be decided first. */
    boolean take(ConsumerRecord<byte[], byte[]> record) {
        if (size == MOST_COMMANDS) {
            return false;
        }
        int partition = record.partition();
        Decoded decoded = DECODER.decode(record.key(), record.value());
        Optional<UUID> commandId = commandId(decoded);
        Optional<Place> wanted = Optional.empty();
        boolean moves = false;
        if (decoded instanceof Decoded.Valid valid) {
            Command command = valid.command();
            if (command instanceof CreateEvent create) {
                wanted = Optional.of(new Place(create.venue(), create.date()));
            } else if (command instanceof UpdateEvent update) {
                moves = update.venue().isPresent() || update.date().isPresent();
            }
        }
        boolean concernsAnother = commandId
                        .filter(id -> isAnother(commandIds.get(id), partition))
                        .isPresent()
                || wanted.filter(place -> isAnother(wantedPlaces.get(place), partition))
                        .isPresent()
                || (wanted.isPresent() && hasAnother(partitionsThatMove, partition))
                // Where an event that moves was, and where it goes to, only the tables know.
                || (moves && (hasAnother(partitionsThatMove, partition) || hasAnother(partitionsThatWant, partition)));
        if (concernsAnother) {
            return false;
        }
        commandId.ifPresent(id -> commandIds.put(id, partition));
        wanted.ifPresent(place -> {
            wantedPlaces.put(place, partition);
            partitionsThatWant.add(partition);
        });
        if (moves) {
            partitionsThatMove.add(partition);
        }
        records.computeIfAbsent(partition, none -> new ArrayList<>()).add(record);
        size++;
        return true;
    }

    int size() {
        return size;
    }

    /** As the desk takes them. */
    List<CommandBatch> byPartition() {
        return records.entrySet().stream()
                .map(of -> new CommandBatch(
                        of.getKey(),
                        of.getValue(),
                        of.getValue().get(of.getValue().size() - 1).offset() + 1))
                .toList();
    }

    private static Optional<UUID> commandId(Decoded decoded) {
        if (decoded instanceof Decoded.Valid valid) {
            return Optional.of(valid.command().commandId());
        }
        return decoded instanceof Decoded.Refused refused ? Optional.of(refused.commandId()) : Optional.empty();
    }

    private static boolean isAnother(@Nullable Integer other, int partition) {
        return other != null && other != partition;
    }

    private static boolean hasAnother(Set<Integer> partitions, int partition) {
        return partitions.stream().anyMatch(other -> other != partition);
    }

    /** What no two events share. */
    private record Place(String venue, Instant date) {}
}
