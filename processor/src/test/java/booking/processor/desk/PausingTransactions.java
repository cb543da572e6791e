package booking.processor.desk;

import booking.processor.BookingSystem;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.springframework.transaction.support.TransactionCallback;
import org.springframework.transaction.support.TransactionTemplate;

/** Transactions of a process that is stopped in its first one, when all is saved and nothing committed. */
final class PausingTransactions extends TransactionTemplate {
    private static final long serialVersionUID = 1L;

    private final transient CountDownLatch paused = new CountDownLatch(1);
    private final transient CountDownLatch resumed = new CountDownLatch(1);

    PausingTransactions(TransactionTemplate transactions) {
        super(Objects.requireNonNull(transactions.getTransactionManager()), transactions);
    }

    /** Waits until the process is stopped. */
    void awaitPause() {
        await(paused);
    }

    /** Lets the process go on. */
    void resume() {
        resumed.countDown();
    }

    @Override
    public <T> T execute(TransactionCallback<T> action) {
        return super.execute(status -> {
            T result = action.doInTransaction(status);
            paused.countDown();
            await(resumed);
            return result;
        });
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(BookingSystem.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("nobody came");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
