package booking.processor.desk;

import booking.processor.store.BookingStore;
import booking.processor.store.Locking;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class AnyHistoryIT {

    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void isAnsweredAsTheModelAnswersItHoweverItIsPolledAndReplayed(
            @ForAll("histories") History history, @ForAll Locking locking) {
        new HistoryRun(history, new RealDesk(locking, UUID.randomUUID())::decide).play();
    }

    /** What the answers are then depends on chance; what the tables say must be true all the same. */
    @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
    void leavesCountersThatAreTheSumsWhileAnotherWriterBooksInBetween(
            @ForAll("histories") History history, @ForAll Locking locking, @ForAll Random chance) {
        Set<String> eventIds = history.commands().stream()
                .map(written -> written.command().eventId())
                .collect(Collectors.toSet());
        DataSource connections = new DriverManagerDataSource(RealDesk.url());
        RealDesk desk = new RealDesk(
                locking,
                UUID.randomUUID(),
                new TransactionTemplate(new JdbcTransactionManager(connections)),
                new BookingStore(new AnotherWriter(connections, eventIds, chance)));

        new HistoryRun(history, desk::decide).playUnpredictably();

        Tables.requireTrue(eventIds);
    }

    @Provide
    Arbitrary<History> histories() {
        return History.any();
    }
}
