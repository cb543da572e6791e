package booking.schemas.topic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import booking.schemas.availability.Availability;
import booking.schemas.availability.EventStatus;
import booking.schemas.command.Book;
import booking.schemas.command.CommandDecoder;
import booking.schemas.command.CommandType;
import booking.schemas.command.Decoded;
import booking.schemas.result.Accepted;
import booking.schemas.result.BookingStatus;
import booking.schemas.result.EventSnapshot;
import booking.schemas.result.Position;
import booking.schemas.result.Result;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What Java clients of Kafka use: records go in and come out, and nothing stays nothing. */
class BookingSerdesTest {
    private static final UUID ID = UUID.fromString("01990f3c-7a52-7c11-8a5e-3f4c2b1d0e9a");
    private static final EventSnapshot SNAPSHOT = new EventSnapshot(2, 100, 1, 0);
    private static final Instant AT = Instant.parse("2026-11-22T10:15:30.123Z");

    @Test
    void aSerialisedCommandIsOneForTheDecoder() {
        Book book = new Book(ID, "concert-42", "alice", 2, OptionalLong.of(1));

        byte[] value = BookingSerdes.commandSerializer().serialize("booking-commands", book);

        assertThat(new CommandDecoder().decode("concert-42".getBytes(UTF_8), value))
                .isEqualTo(new Decoded.Valid(book));
    }

    @Test
    void aResultComesBackAsItWas() {
        Result result = new Accepted(
                CommandType.BOOK,
                ID,
                "concert-42",
                Optional.of(new Accepted.ChangedBooking(ID, BookingStatus.CONFIRMED, "alice", 1, Optional.empty())),
                Optional.empty(),
                SNAPSHOT,
                new Position(3, 17),
                AT);

        assertThat(there(BookingSerdes.results(), result)).isEqualTo(result);
    }

    @Test
    void availabilityComesBackAsItWas() {
        Availability availability =
                new Availability("concert-42", "Concert", AT, "main", EventStatus.OPEN, SNAPSHOT, AT);

        assertThat(there(BookingSerdes.availability(), availability)).isEqualTo(availability);
    }

    @Test
    void nothingStaysNothing() {
        assertThat(BookingSerdes.commandSerializer().serialize("t", null)).isNull();
        assertThat(there(BookingSerdes.results(), null)).isNull();
        assertThat(there(BookingSerdes.availability(), null)).isNull();
    }

    @Test
    void whatIsNoRecordOfOursIsSaidToBeUnreadable() {
        byte[] broken = "{\"outcome\":".getBytes(UTF_8);

        assertThatThrownBy(() -> BookingSerdes.results().deserializer().deserialize("t", broken))
                .isInstanceOf(SerializationException.class)
                .hasMessage(
                        "not a booking result: unreadable JSON at character 11: Unexpected end-of-input within/between"
                                + " Object entries");
        assertThatThrownBy(() -> BookingSerdes.availability().deserializer().deserialize("t", broken))
                .isInstanceOf(SerializationException.class);
    }

    private static <T> @Nullable T there(Serde<T> serde, @Nullable T record) {
        return serde.deserializer().deserialize("t", serde.serializer().serialize("t", record));
    }
}
