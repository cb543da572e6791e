package booking.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import booking.schemas.command.Book;
import booking.schemas.command.Hold;
import booking.schemas.result.Accepted;
import booking.schemas.result.Reason;
import booking.schemas.result.Rejected;
import booking.schemas.result.Result;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The way to more partitions that docs/scaling.md describes: another set of topics, the same tables, nothing lost between. */
class MoveToNewTopicsIT {
    private static final int PARTITIONS = 5;

    private final BookingSystem old = new BookingSystem(Map.of("BOOKING_TOPICS_PARTITIONS", "1"));
    private final BookingSystem next = new BookingSystem(Map.of(
            "BOOKING_TOPICS_PARTITIONS",
            String.valueOf(PARTITIONS),
            "BOOKING_PROCESSOR_GROUP",
            String.valueOf(old.environment().get("BOOKING_PROCESSOR_GROUP"))));
    // In the same partition before and after, at offsets that the old topic had, too.
    private final String event = Stream.generate(Commands::newEventId)
            .filter(id -> Utils.toPositive(Utils.murmur2(BookingSystem.utf8(id))) % PARTITIONS == 0)
            .findFirst()
            .orElseThrow();

    @AfterEach
    void stop() {
        next.close();
        old.close();
    }

    @Test
    void whatWaitsInNewTopicsIsDecidedBehindWhatTheOldOnesHad() {
        ProcessorApplication processor = old.startProcessor();
        Book alices = Commands.book(event, "alice");
        Hold bobs = Commands.hold(event, "bob", 1, 3600);
        old.write(Commands.event(event, 3), alices, bobs);
        Result answer = old.result(alices.commandId());
        // Somebody writes to the new topics already, and repeats what was answered; somebody still to the old ones.
        Book carols = Commands.book(event, "carol", 2);
        next.write(alices, carols);
        Book daves = Commands.book(event, "dave", 1);
        old.write(daves);
        old.awaitAllDecided();
        old.stop(processor);
        next.startProcessor();
        next.awaitAllDecided();

        assertThat(old.result(daves.commandId())).isInstanceOf(Accepted.class);
        assertThat(next.result(alices.commandId())).isEqualTo(answer);
        assertThat(next.result(carols.commandId()))
                .isInstanceOfSatisfying(
                        Rejected.class,
                        rejected -> assertThat(rejected.reason()).isEqualTo(Reason.SOLD_OUT));
        // Bob's hold, which came in the old topics, runs out; it is ended in the new ones.
        next.sql()
                .sql("UPDATE bookings SET hold_expires_at = now() WHERE id = ?")
                .param(bobs.commandId())
                .update();
        await().atMost(BookingSystem.PATIENCE)
                .until(() -> next.count("SELECT held FROM events WHERE id = ?", event) == 0);
        Book erins = Commands.book(event, "erin");
        next.write(List.of(erins));
        assertThat(next.result(erins.commandId())).isInstanceOf(Accepted.class);
        assertThat(next.count("SELECT confirmed FROM events WHERE id = ?", event))
                .isEqualTo(3);
    }
}
