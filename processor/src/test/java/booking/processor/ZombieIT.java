package booking.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import booking.processor.stream.CrashPoint;
import booking.processor.stream.CrashingProcessor.Action;
import booking.schemas.command.Book;
import booking.schemas.result.Position;
import booking.schemas.result.Result;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.common.GroupState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A processor that is stopped with a poll in hand, for so long that it loses its partitions, its database session or its
 * Kafka transaction, writes nothing when it wakes up.
 */
class ZombieIT {
    private final BookingSystem system = new BookingSystem(Map.of(
            "BOOKING_TOPICS_PARTITIONS", "1",
            "BOOKING_PROCESSOR_THREADS", "1",
            "BOOKING_PROCESSOR_SESSION_TIMEOUT", "1s"));

    @AfterEach
    void stop() {
        system.close();
    }

    @ParameterizedTest
    @EnumSource(
            names = {"BEFORE_FENCE", "BEFORE_SAVE", "AFTER_DATABASE_COMMIT", "BETWEEN_FORWARDS", "BEFORE_KAFKA_COMMIT"})
    void whatASuccessorHasDecidedIsNeitherDecidedNorAnsweredAgain(CrashPoint point) throws Exception {
        String event = Commands.newEventId();
        Book bobs = Commands.book(event, "bob");
        Set<Position> sent = new HashSet<>(system.write(
                Commands.event(event, 2),
                bobs,
                // Would be accepted by who decides it again: bob's seat is free by then.
                Commands.book(event, "carol", 2),
                Commands.cancel(event, bobs.commandId()),
                bobs));
        try (ChildProcessor zombie = new ChildProcessor(system, point, 1, Action.PAUSE)) {
            zombie.awaitPause();
            zombie.stop();
            system.startProcessor();
            system.awaitAllDecided();
            List<Result> results = system.results(sent.size());
            String state = state(event);
            assertThat(state).isEqualTo("version 3, 0 confirmed, bob CANCELLED");
            // It sleeps for so long that outcomes are no longer kept: only the fence knows.
            system.sql()
                    .sql("DELETE FROM outcomes WHERE result LIKE ?")
                    .param("%" + event + "%")
                    .update();

            zombie.resume();

            // It does so when it has learned that it was one.
            awaitMembers(2);
            assertThat(zombie.isAlive()).isTrue();
            assertThat(state(event)).isEqualTo(state);
            sent.addAll(system.write(Commands.book(event, "dave")));
            Dispositions dispositions = system.dispositions();
            dispositions.requireExactlyOneFor(sent);
            assertThat(dispositions.results()).containsAll(results);
            assertThat(state(event)).isEqualTo("version 4, 1 confirmed, bob CANCELLED, dave CONFIRMED");
        }
    }

    /** Waits until so many take part in the group. */
    private void awaitMembers(int members) {
        String group = Objects.requireNonNull(system.environment().get("BOOKING_PROCESSOR_GROUP"));
        await("members").atMost(BookingSystem.PATIENCE).untilAsserted(() -> {
            ConsumerGroupDescription description = BookingSystem.answered(system.admin()
                            .describeConsumerGroups(List.of(group))
                            .all())
                    .get(group);
            assertThat(description).isNotNull().satisfies(it -> {
                assertThat(it.groupState()).isEqualTo(GroupState.STABLE);
                assertThat(it.members()).hasSize(members);
            });
        });
    }

    /** What the tables say of the event. */
    private String state(String event) {
        return system.sql().sql("""
                        SELECT 'version ' || version || ', ' || confirmed || ' confirmed, ' || (
                            SELECT string_agg(user_id || ' ' || status, ', ' ORDER BY user_id) FROM bookings
                            WHERE event_id = events.id)
                        FROM events WHERE id = ?""").param(event).query(String.class).single();
    }
}
