package booking.processor.desk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import booking.processor.BookingSystem;
import booking.processor.Commands;
import booking.processor.store.Locking;
import booking.schemas.availability.Availability;
import booking.schemas.command.Book;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FenceIT {
    private final UUID topic = UUID.randomUUID();
    private final String event = Commands.newEventId();
    private final Book alices = Commands.book(event, "alice");

    /** Three seats; alice takes one, bob two, carol comes too late, and alice gives hers back. */
    private final CommandLog log = new CommandLog()
            .write(
                    0,
                    Commands.event(event, 3),
                    alices,
                    Commands.book(event, "bob", 2),
                    Commands.book(event, "carol"),
                    Commands.cancel(event, alices.commandId()));

    @ParameterizedTest
    @EnumSource
    void aPollDecidedAgainGetsTheSameAnswersAndTakesNothingMore(Locking locking) {
        List<Answer> first = answers(new RealDesk(locking, topic).decide(log.all()));
        String state = state();

        List<Answer> second = answers(new RealDesk(locking, topic).decide(log.all()));

        assertThat(second).isEqualTo(first);
        assertThat(state()).isEqualTo(state);
    }

    @ParameterizedTest
    @EnumSource
    void aPollThatOverlapsAnotherGetsTheSameAnswersWhereItDoesAndNewOnesBehind(Locking locking) {
        List<Answer> zombies = answers(new RealDesk(locking, topic).decide(poll(0, 3)));
        RealDesk successor = new RealDesk(locking, topic);

        List<Answer> successors = answers(successor.decide(poll(1, 5)));

        assertThat(successors.subList(0, 2)).isEqualTo(zombies.subList(1, 3));
        assertThat(state()).isEqualTo("version 4, 2 confirmed, 2 booked");
        // The zombie wakes up with the rest of what it polled long ago.
        assertThat(answers(new RealDesk(locking, topic).decide(poll(2, 5)))).isEqualTo(successors.subList(1, 4));
        assertThat(state()).isEqualTo("version 4, 2 confirmed, 2 booked");
    }

    @ParameterizedTest
    @EnumSource
    void aSuccessorWaitsForTheOpenTransactionOfAZombieAndGivesItsAnswers(Locking locking) {
        new RealDesk(locking, topic).decide(poll(0, 1));
        PausingTransactions zombiesTransactions = new PausingTransactions(RealDesk.transactions());
        CompletableFuture<List<Answer>> zombie = inBackground(new RealDesk(locking, topic, zombiesTransactions));
        zombiesTransactions.awaitPause();
        CompletableFuture<List<Answer>> successor = inBackground(new RealDesk(locking, topic));
        awaitWaiting();

        zombiesTransactions.resume();

        assertThat(successor.join()).isEqualTo(zombie.join());
        assertThat(state()).isEqualTo("version 4, 2 confirmed, 2 booked");
    }

    @Test
    void aZombieThatStaysStoppedLosesItsTransactionAndLaterGivesTheAnswersOfItsSuccessor() {
        // So that the zombie has the event locked, too.
        new RealDesk(Locking.OPTIMISTIC, topic).decide(poll(0, 1));
        PausingTransactions zombiesTransactions = new PausingTransactions(RealDesk.transactions());
        CompletableFuture<List<Answer>> zombie =
                inBackground(new RealDesk(Locking.OPTIMISTIC, topic, zombiesTransactions));
        zombiesTransactions.awaitPause();

        List<Answer> successor = answers(new RealDesk(Locking.OPTIMISTIC, topic).decide(log.all()));

        // It has answers though the zombie still holds what it had locked.
        assertThat(zombie).isNotDone();
        zombiesTransactions.resume();
        assertThat(zombie.join()).isEqualTo(successor);
        assertThat(state()).isEqualTo("version 4, 2 confirmed, 2 booked");
    }

    @Test
    void theAvailabilityIsToldAgainAsItMayNeverHaveBeenPublished() {
        List<Availability> first = availability(new RealDesk(Locking.OPTIMISTIC, topic).decide(log.all()));

        List<Availability> second = availability(new RealDesk(Locking.OPTIMISTIC, topic).decide(log.all()));

        assertThat(first).singleElement().satisfies(availability -> {
            assertThat(availability.eventId()).isEqualTo(event);
            assertThat(availability.snapshot().available()).isEqualTo(1);
        });
        assertThat(second).isEqualTo(first);
    }

    @Test
    void aClientsRepetitionInALaterPollTellsNoAvailability() {
        RealDesk desk = new RealDesk(Locking.OPTIMISTIC, topic);
        desk.decide(log.all());

        assertThat(availability(desk.decide(List.of(log.write(0, alices).batch(0, 5, 6)))))
                .isEmpty();
    }

    @Test
    void whatWasDecidedBeforeIsNotDecidedAgainEvenWhenItsOutcomeIsNoLongerKept() {
        new RealDesk(Locking.OPTIMISTIC, topic).decide(log.all());
        String state = state();
        RealDesk.sql()
                .sql("DELETE FROM outcomes WHERE result LIKE ?")
                .param("%" + event + "%")
                .update();

        // Carol's command would be accepted now: one seat is free.
        List<Answer> answers = answers(new RealDesk(Locking.OPTIMISTIC, topic).decide(log.all()));

        assertThat(answers).hasSize(5).allMatch(Answer.Forgotten.class::isInstance);
        assertThat(state()).isEqualTo(state);
    }

    @Test
    void aTopicThatWasMadeAnewIsDecidedFromItsBeginning() {
        new RealDesk(Locking.OPTIMISTIC, topic).decide(log.all());
        CommandLog anew = new CommandLog().write(0, Commands.book(event, "carol"));

        List<Answer> answers = answers(new RealDesk(Locking.OPTIMISTIC, UUID.randomUUID()).decide(anew.all()));

        assertThat(((Answer.Result) answers.get(0)).json()).contains("\"ACCEPTED\"");
        assertThat(state()).isEqualTo("version 5, 3 confirmed, 3 booked");
    }

    @ParameterizedTest
    @EnumSource
    void aDatabaseThatIsPutBackUnderARunningProcessorIsNoticed(Locking locking) {
        RealDesk desk = new RealDesk(locking, topic);
        desk.decide(poll(0, 4));
        String state = state();
        // As a standby that lacks the last transaction.
        RealDesk.sql()
                .sql("UPDATE partition_progress SET next_offset = 2 WHERE topic_id = ?")
                .param(topic)
                .update();

        assertThatThrownBy(() -> desk.decide(poll(4, 5)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("partition 0 it had all commands before offset 4, and now has those before 2");

        assertThat(state()).isEqualTo(state);
    }

    @Test
    void eachPartitionHasAFenceOfItsOwn() {
        String other = Commands.newEventId();
        log.write(7, Commands.event(other, 1));
        RealDesk desk = new RealDesk(Locking.OPTIMISTIC, topic);
        desk.decide(List.of(log.batch(0, 0, 5)));

        Map<Integer, BatchAnswers> both = new RealDesk(Locking.OPTIMISTIC, topic).decide(log.all());

        assertThat(Objects.requireNonNull(both.get(7)).answers())
                .singleElement()
                .satisfies(answer -> assertThat(((Answer.Result) answer).json()).contains("\"ACCEPTED\""));
    }

    private List<CommandBatch> poll(int from, int to) {
        return List.of(log.batch(0, from, to));
    }

    private CompletableFuture<List<Answer>> inBackground(RealDesk desk) {
        return CompletableFuture.supplyAsync(() -> answers(desk.decide(log.all())), work -> new Thread(work).start());
    }

    /** Waits until somebody waits for the lock on this topic's progress. */
    private static void awaitWaiting() {
        Awaitility.await()
                .atMost(BookingSystem.PATIENCE)
                .until(() -> RealDesk.sql().sql("""
                                        SELECT count(*) FROM pg_stat_activity
                                        WHERE wait_event_type = 'Lock' AND query LIKE '%partition_progress%'""").query(Long.class).single() > 0);
    }

    private static List<Answer> answers(Map<Integer, BatchAnswers> decided) {
        return Objects.requireNonNull(decided.get(0)).answers();
    }

    private static List<Availability> availability(Map<Integer, BatchAnswers> decided) {
        return Objects.requireNonNull(decided.get(0)).availability();
    }

    /** What the tables say of the event. */
    private String state() {
        return RealDesk.sql().sql("""
                        SELECT 'version ' || version || ', ' || confirmed || ' confirmed, ' || (
                            SELECT coalesce(sum(quantity), 0) FROM bookings
                            WHERE event_id = events.id AND status = 'CONFIRMED') || ' booked'
                        FROM events WHERE id = ?""").param(event).query(String.class).single();
    }
}
