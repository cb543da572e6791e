package booking.processor.desk;

import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class AnyHistoryTest {

    @Property(tries = 1_000, edgeCases = EdgeCasesMode.NONE)
    void isAnsweredAsTheModelAnswersItHoweverItIsPolledAndReplayed(@ForAll("histories") History history) {
        new HistoryRun(history, new PaperDesk()::decide).play();
    }

    @Provide
    Arbitrary<History> histories() {
        return History.any();
    }
}
