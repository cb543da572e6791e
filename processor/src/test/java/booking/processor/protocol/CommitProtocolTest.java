package booking.processor.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** In every order of steps and faults, each command is decided once and answered once. */
class CommitProtocolTest {
    /** Far below what there are, and far above what a model would have that no longer does much. */
    private static final int FEWEST_STATES = 50_000;

    @Test
    void everyCommandIsDecidedOnceAndAnsweredOnceWhateverHappensInBetween() {
        Exploration exploration = Exploration.of(new Protocol(Defect.NONE));

        System.out.println("the commit protocol: " + exploration);
        assertThat(exploration.counterexample()).isEmpty();
        assertThat(exploration.states()).isGreaterThan(FEWEST_STATES);
        assertThat(exploration.quiescent()).isPositive();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            NO_FENCE                                | a command is decided twice
            FENCE_DOES_NOT_LOCK                     | a command is decided twice
            FENCE_AFTER_LOOK_BACK                   | commands are not decided in the order of the log
            NO_LOOK_BACK                            | a command is decided twice
            PROGRESS_MOVED_IN_ANOTHER_TRANSACTION   | a command is passed over
            FORWARDED_BEFORE_DATABASE_COMMIT        | a result is not the stored outcome
            FORWARDED_OUTSIDE_THE_KAFKA_TRANSACTION | a command has two results
            OFFSET_OUTSIDE_THE_KAFKA_TRANSACTION    | a command has two results
            BROKERS_DO_NOT_FENCE                    | a command has two results
            OFFSET_FETCHED_WHILE_UNSTABLE           | a command has two results
            """)
    void aProtocolWithADefectIsFoundOut(Defect defect, String harm) {
        Exploration exploration = Exploration.of(new Protocol(defect));

        assertThat(exploration.counterexample())
                .hasValueSatisfying(example -> assertThat(example.violation()).isEqualTo(harm));
    }
}
