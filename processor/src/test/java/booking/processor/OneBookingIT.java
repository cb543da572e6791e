package booking.processor;

import static org.assertj.core.api.Assertions.assertThat;

import booking.schemas.result.Accepted;
import booking.schemas.result.BookingStatus;
import booking.schemas.result.Reason;
import booking.schemas.result.Rejected;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OneBookingIT {
    private final BookingSystem system = new BookingSystem(Map.of());

    @BeforeAll
    void start() {
        system.startProcessor();
    }

    @AfterAll
    void stop() {
        system.close();
    }

    @Test
    void theFirstOfTwoGetsTheOnePlace() {
        String event = newEvent(1);
        UUID alice = book(event, "alice");
        UUID bob = book(event, "bob");

        assertThat(system.result(alice)).isInstanceOfSatisfying(Accepted.class, result -> {
            assertThat(result.changed().orElseThrow().bookingId()).isEqualTo(alice);
            assertThat(result.changed().orElseThrow().status()).isEqualTo(BookingStatus.CONFIRMED);
            assertThat(result.snapshot().available()).isZero();
        });
        assertThat(system.result(bob))
                .isInstanceOfSatisfying(
                        Rejected.class, result -> assertThat(result.reason()).isEqualTo(Reason.ALREADY_BOOKED));
        assertThat(system.count("SELECT count(*) FROM bookings WHERE event_id = ?", event))
                .isEqualTo(1);
        assertThat(system.sql()
                        .sql("SELECT is_booked FROM events WHERE id = ?")
                        .param(event)
                        .query(Boolean.class)
                        .single())
                .isTrue();
    }

    private String newEvent(int capacity) {
        String event = "event-" + UUID.randomUUID();
        var unused = system.send(event, """
                {"type":"createEvent","commandId":"%s","eventId":"%s","name":"Concert","date":"2027-05-01T20:00:00Z",
                 "venue":"%s","capacity":%d}""".formatted(UUID.randomUUID(), event, event, capacity));
        return event;
    }

    private UUID book(String event, String user) {
        UUID commandId = UUID.randomUUID();
        var unused = system.send(event, """
                {"type":"book","commandId":"%s","eventId":"%s","userId":"%s"}""".formatted(commandId, event, user));
        return commandId;
    }
}
