package booking.schemas.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The commands of the first version are written as it wrote them, to the byte. Fingerprints are taken of these bytes
 * and kept: were they to change, a command sent again after an upgrade would be refused as another one.
 */
class EncodedCommandsTest {
    private static final UUID ID = UUID.fromString("01990f3c-7a52-7c11-8a5e-3f4c2b1d0e9a");
    private static final UUID BOOKING = UUID.fromString("01990f3d-11d0-7b5e-9c0d-5a1b2c3d4e5f");

    @ParameterizedTest
    @MethodSource
    void areWrittenAsTheFirstVersionWroteThem(Command command, String json) {
        assertThat(new CommandEncoder().encode(command)).asString(UTF_8).isEqualTo(json);
    }

    static Stream<Arguments> areWrittenAsTheFirstVersionWroteThem() {
        return Stream.of(
                arguments(createEvent("Concert", "2027-05-01T20:00:00Z", "main", 100), """
                        {"type":"createEvent","commandId":"01990f3c-7a52-7c11-8a5e-3f4c2b1d0e9a","eventId":"concert-42",\
                        "name":"Concert","date":"2027-05-01T20:00:00Z","venue":"main","capacity":100}"""),
                arguments(createEvent("Ünï \"漢字\" 😀\n", "0001-01-01T00:00:00.000001999Z", "Bühne\\2", 1), """
                        {"type":"createEvent","commandId":"01990f3c-7a52-7c11-8a5e-3f4c2b1d0e9a","eventId":"concert-42",\
                        "name":"Ünï \\"漢字\\" 😀\\n","date":"0001-01-01T00:00:00.000001Z","venue":"Bühne\\\\2","capacity":1}"""),
                arguments(new Book(ID, "concert-42", "alice", 1, OptionalLong.empty()), """
                        {"type":"book","commandId":"01990f3c-7a52-7c11-8a5e-3f4c2b1d0e9a","eventId":"concert-42",\
                        "userId":"alice","quantity":1}"""),
                arguments(new Book(ID, "42", "عائشة", 2147483647, OptionalLong.of(9223372036854775807L)), """
                        {"type":"book","commandId":"01990f3c-7a52-7c11-8a5e-3f4c2b1d0e9a","eventId":"42",\
                        "userId":"عائشة","quantity":2147483647,"expectedVersion":9223372036854775807}"""),
                arguments(new Cancel(ID, "concert-42", BOOKING, Optional.empty(), OptionalLong.empty()), """
                        {"type":"cancel","commandId":"01990f3c-7a52-7c11-8a5e-3f4c2b1d0e9a","eventId":"concert-42",\
                        "bookingId":"01990f3d-11d0-7b5e-9c0d-5a1b2c3d4e5f"}"""),
                arguments(new Cancel(ID, "concert-42", BOOKING, Optional.of("alice"), OptionalLong.of(57)), """
                        {"type":"cancel","commandId":"01990f3c-7a52-7c11-8a5e-3f4c2b1d0e9a","eventId":"concert-42",\
                        "bookingId":"01990f3d-11d0-7b5e-9c0d-5a1b2c3d4e5f","userId":"alice","expectedVersion":57}"""));
    }

    private static CreateEvent createEvent(String name, String date, String venue, int capacity) {
        return new CreateEvent(
                ID,
                "concert-42",
                name,
                Instant.parse(date),
                venue,
                capacity,
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
