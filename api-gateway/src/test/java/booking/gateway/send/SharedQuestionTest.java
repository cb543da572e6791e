package booking.gateway.send;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SharedQuestionTest {
    private final List<CompletableFuture<String>> put = new ArrayList<>();
    private final SharedQuestion<String> question = new SharedQuestion<>(() -> {
        CompletableFuture<String> answer = new CompletableFuture<>();
        put.add(answer);
        return answer;
    });

    @Test
    void howeverManyAskWhileItIsBeingPutItIsPutOnceMoreForAllOfThem() {
        CompletableFuture<String> first = ask();
        List<CompletableFuture<String>> later =
                IntStream.range(0, 1_000).mapToObj(i -> ask()).toList();
        assertThat(put).hasSize(1);

        put.get(0).complete("as of the first");

        assertThat(first).isCompletedWithValue("as of the first");
        assertThat(put).hasSize(2);
        // What was found out for the first may have changed before they asked.
        assertThat(later).noneMatch(CompletableFuture::isDone);
        put.get(1).complete("as of the others");
        assertThat(later).allSatisfy(answer -> assertThat(answer).isCompletedWithValue("as of the others"));
        assertThat(put).hasSize(2);
    }

    @Test
    void whoComesWhenAllHaveBeenAnsweredAsksAnew() {
        var unused = ask();
        put.get(0).complete("before");

        CompletableFuture<String> answer = ask();

        assertThat(put).hasSize(2);
        assertThat(answer).isNotDone();
    }

    @Test
    void aFailureIsTheAnswerOfThoseWhoSharedItAndOfNobodyElse() {
        CompletableFuture<String> first = ask();
        CompletableFuture<String> second = ask();

        put.get(0).completeExceptionally(new IllegalStateException("away"));

        assertThat(first).isCompletedExceptionally();
        assertThat(second).isNotDone();
        put.get(1).complete("here");
        assertThat(second).isCompletedWithValue("here");
    }

    @Test
    void whatCannotEvenBeAskedIsAFailureAndNoEndOfAsking() {
        List<Integer> asked = new ArrayList<>();
        SharedQuestion<String> broken = new SharedQuestion<>(() -> {
            asked.add(1);
            throw new IllegalStateException("closed");
        });

        assertThat(broken.ask().toCompletableFuture()).isCompletedExceptionally();
        assertThat(broken.ask().toCompletableFuture()).isCompletedExceptionally();
        assertThat(asked).hasSize(2);
    }

    private CompletableFuture<String> ask() {
        return question.ask().toCompletableFuture();
    }
}
