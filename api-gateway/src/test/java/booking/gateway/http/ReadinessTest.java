package booking.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import booking.gateway.http.Readiness.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReadinessTest {
    private static final State UP = new State(true, true);
    private static final State DOWN = new State(true, false);

    private final AtomicLong nanos = new AtomicLong();
    private final List<CompletableFuture<State>> questions = new ArrayList<>();
    private final Readiness readiness = new Readiness(
            () -> {
                CompletableFuture<State> question = new CompletableFuture<>();
                questions.add(question);
                return question;
            },
            nanos::get);

    @Test
    void allWhoAskWhileItIsBeingFoundOutAreOneQuestionHoweverLongThatTakes() {
        List<CompletionStage<State>> answers = IntStream.range(0, 1_000)
                .mapToObj(i -> ask(Duration.ofMillis(20)))
                .toList();

        assertThat(questions).hasSize(1);
        assertThat(answers).noneMatch(answer -> answer.toCompletableFuture().isDone());
        questions.get(0).complete(UP);
        assertThat(answers)
                .allSatisfy(answer -> assertThat(answer.toCompletableFuture()).isCompletedWithValue(UP));
    }

    @Test
    void anAnswerIsGoodForAMomentAndThenFoundOutAnew() {
        var unused = ask(Duration.ZERO);
        questions.get(0).complete(UP);

        assertThat(ask(Duration.ofMillis(999)).toCompletableFuture()).isCompletedWithValue(UP);
        CompletionStage<State> later = ask(Duration.ofMillis(1));
        assertThat(questions).hasSize(2);
        questions.get(1).complete(DOWN);
        assertThat(later.toCompletableFuture()).isCompletedWithValue(DOWN);
    }

    @Test
    void aQuestionThatIsNeverAnsweredIsPutAgain() {
        var unused = ask(Duration.ZERO);
        var unusedToo = ask(Duration.ofSeconds(30));

        assertThat(questions).hasSize(2);
    }

    /** Asks when so much more time has gone by. */
    private CompletionStage<State> ask(Duration later) {
        nanos.addAndGet(later.toNanos());
        return readiness.ask();
    }
}
