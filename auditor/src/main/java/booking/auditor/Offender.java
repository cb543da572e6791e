package booking.auditor;

import java.util.Optional;
import java.util.UUID;

/**
 * One case in which a promise is broken.
 *
 * @param partition of the commands topic, where it is about a command
 * @param offset of the command
 * @param expected what the promise asks for
 * @param found what is there instead
 */
public record Offender(
        Optional<Integer> partition, Optional<Long> offset, Optional<UUID> commandId, String expected, String found) {

    static Offender of(String expected, String found) {
        return new Offender(Optional.empty(), Optional.empty(), Optional.empty(), expected, found);
    }

    static Offender of(UUID commandId, String expected, String found) {
        return new Offender(Optional.empty(), Optional.empty(), Optional.of(commandId), expected, found);
    }

    static Offender at(int partition, long offset, Optional<UUID> commandId, String expected, String found) {
        return new Offender(Optional.of(partition), Optional.of(offset), commandId, expected, found);
    }
}
