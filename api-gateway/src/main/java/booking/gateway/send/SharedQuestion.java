package booking.gateway.send;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A question that many may have at the same time, and that is put by one of them at a time for all. While it is being put, those
 * who come later share the next time: each is given an answer that is no older than its own asking. Any thread may ask.
 */
final class SharedQuestion<T> {
    private final Supplier<CompletionStage<T>> question;
    /** Guarded by this object. */
    private boolean isBeingPut;
    /** For those who have come since. Guarded by this object. */
    private @Nullable CompletableFuture<T> next;

    SharedQuestion(Supplier<CompletionStage<T>> question) {
        this.question = question;
    }

    CompletionStage<T> ask() {
        CompletableFuture<T> answer = new CompletableFuture<>();
        synchronized (this) {
            if (isBeingPut) {
                if (next == null) {
                    next = answer;
                }
                return next;
            }
            isBeingPut = true;
        }
        put(answer);
        return answer;
    }

    private void put(CompletableFuture<T> answer) {
        question().whenComplete((value, failure) -> {
            CompletableFuture<T> following;
            synchronized (this) {
                following = next;
                next = null;
                isBeingPut = following != null;
            }
            if (failure == null) {
                answer.complete(value);
            } else {
                answer.completeExceptionally(failure);
            }
            if (following != null) {
                put(following);
            }
        });
    }

    private CompletionStage<T> question() {
        try {
            return question.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
