package booking.processor.desk;

import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who takes a partition over compares it, once. */
class CommittedProgressTest {
    private static final int PARTITION = 3;
    private static final Map<Integer, Long> STORED = Map.of(PARTITION, 100L);

    /** Others have decided what is between. */
    private static final List<CommandBatch> NEXT = List.of(new CommandBatch(
            PARTITION, List.of(new ConsumerRecord<>("commands", PARTITION, 200, new byte[0], new byte[0])), 201));

    private final CommittedProgress progress = new CommittedProgress();

    @BeforeEach
    void takeOver() {
        progress.takeOver(PARTITION, stored -> {
            throw new IllegalStateException("compared");
        });
    }

    @Test
    void whatIsTakenOverIsComparedUntilSomethingOfItIsCommitted() {
        assertThatThrownBy(() -> progress.requireKept(STORED, NEXT)).hasMessage("compared");

        progress.moveTo(STORED);

        assertThatNoException().isThrownBy(() -> progress.requireKept(STORED, NEXT));
    }

    @Test
    void theLateCommitOfAThreadThatHasLostThePartitionSparesItsSuccessorNoComparison() throws InterruptedException {
        Thread hung = new Thread(() -> progress.moveTo(STORED));
        hung.start();
        hung.join();

        assertThatThrownBy(() -> progress.requireKept(STORED, NEXT)).hasMessage("compared");
    }
}
