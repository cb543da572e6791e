package booking.gateway.await;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import booking.gateway.await.WaitingRoom.Waiter;
import booking.gateway.follow.Published;
import booking.schemas.result.Position;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WaitingRoomTest {
    private static final UUID COMMAND = UUID.fromString("01990f3c-7a52-7c11-8a5e-3f4c2b1d0e9a");

    private final WaitingRoom room = new WaitingRoom("commands", 3, new SimpleMeterRegistry());

    @Test
    void whoWaitsGetsTheResultOfTheOwnRecord() {
        Waiter first = room.enter(COMMAND).orElseThrow();
        Waiter second = room.enter(COMMAND).orElseThrow();
        first.publishedAt(new Position(1, 10));
        second.publishedAt(new Position(1, 11));

        publish(COMMAND, "/commands/1/11", "reused");

        assertThat(textOf(second)).isEqualTo("reused");
        assertThat(isDone(first)).isFalse();
        publish(COMMAND, "/commands/1/10", "booked");
        assertThat(textOf(first)).isEqualTo("booked");
    }

    @Test
    void aResultThatComesBeforeItsPositionIsKnownIsKept() {
        Waiter first = room.enter(COMMAND).orElseThrow();
        Waiter second = room.enter(COMMAND).orElseThrow();
        publish(COMMAND, "/commands/1/11", "reused");
        publish(COMMAND, "/commands/1/10", "booked");

        first.publishedAt(new Position(1, 10));
        assertThat(textOf(first)).isEqualTo("booked");
        second.publishedAt(new Position(1, 11));
        assertThat(textOf(second)).isEqualTo("reused");
    }

    @Test
    void theResultOfAnotherRecordOrTopicIsNotTaken() {
        Waiter waiter = room.enter(COMMAND).orElseThrow();
        waiter.publishedAt(new Position(1, 10));

        publish(COMMAND, "/commands/2/10", "elsewhere");
        publish(COMMAND, "/others/1/10", "another topic");
        publish(COMMAND, "", "without a source");
        publish("no uuid", "/commands/1/9", "without an id");

        assertThat(isDone(waiter)).isFalse();
    }

    @Test
    void aFullRoomTakesNobodyUntilSomebodyLeaves() {
        Waiter first = room.enter(COMMAND).orElseThrow();
        assertThat(room.enter(COMMAND)).isPresent();
        assertThat(room.enter(UUID.randomUUID())).isPresent();

        assertThat(room.enter(COMMAND)).isEmpty();
        first.leave();
        assertThat(room.enter(COMMAND)).isPresent();
        assertThat(room.enter(COMMAND)).isEmpty();
    }

    @Test
    void leavingTwiceGivesOnePlaceBack() {
        Waiter placed = room.enter(COMMAND).orElseThrow();
        placed.publishedAt(new Position(0, 0));
        Waiter unplaced = room.enter(COMMAND).orElseThrow();

        placed.leave();
        placed.leave();
        unplaced.leave();
        unplaced.leave();

        assertThat(room.freePlaces()).isEqualTo(3);
    }

    @Test
    void whoHasLeftDisturbsNobody() {
        Waiter gone = room.enter(COMMAND).orElseThrow();
        Waiter staying = room.enter(COMMAND).orElseThrow();
        gone.leave();
        gone.publishedAt(new Position(1, 10));
        publish(COMMAND, "/commands/1/11", "booked");

        staying.publishedAt(new Position(1, 11));

        assertThat(textOf(staying)).isEqualTo("booked");
        assertThat(isDone(gone)).isFalse();
    }

    @Test
    void everybodyGetsTheOwnResultWhateverComesFirst() throws Exception {
        int requests = 20_000;
        WaitingRoom large = new WaitingRoom("commands", requests, new SimpleMeterRegistry());
        List<CompletableFuture<byte[]>> answers = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(2);
        // Few command ids, so that many share one.
        List<UUID> ids = List.of(UUID.randomUUID(), UUID.randomUUID(), UUID.randomUUID());
        Random random = new Random(42);

        for (int offset = 0; offset < requests; offset++) {
            int at = offset;
            UUID id = ids.get(random.nextInt(ids.size()));
            Waiter waiter = large.enter(id).orElseThrow();
            answers.add(waiter.answer().toCompletableFuture());
            threads.execute(() -> waiter.publishedAt(new Position(0, at)));
            threads.execute(() -> large.answer(List.of(result(id.toString(), "/commands/0/" + at, "result " + at))));
        }
        threads.shutdown();
        assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();

        for (int offset = 0; offset < requests; offset++) {
            assertThat(answers.get(offset)).isCompleted();
            assertThat(new String(answers.get(offset).join(), UTF_8)).isEqualTo("result " + offset);
        }
    }

    private void publish(UUID commandId, String source, String value) {
        publish(commandId.toString(), source, value);
    }

    private void publish(String commandId, String source, String value) {
        room.answer(List.of(result(commandId, source, value)));
    }

    private static Published result(String commandId, String source, String value) {
        return new Published(Published.Kind.RESULT, 0, 0, "e1", commandId, source, value.getBytes(UTF_8));
    }

    private static boolean isDone(Waiter waiter) {
        return waiter.answer().toCompletableFuture().isDone();
    }

    private static String textOf(Waiter waiter) {
        assertThat(isDone(waiter)).isTrue();
        return new String(waiter.answer().toCompletableFuture().join(), UTF_8);
    }
}
