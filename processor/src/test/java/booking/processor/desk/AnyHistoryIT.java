package booking.processor.desk;

import booking.processor.store.Locking;
import java.util.UUID;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class AnyHistoryIT {

    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void isAnsweredAsTheModelAnswersItHoweverItIsPolledAndReplayed(
            @ForAll("histories") History history, @ForAll Locking locking) {
        new HistoryRun(history, new RealDesk(locking, UUID.randomUUID())::decide).play();
    }

    @Provide
    Arbitrary<History> histories() {
        return History.any();
    }
}
