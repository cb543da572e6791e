package booking.processor.desk;

import static org.assertj.core.api.Assertions.assertThat;

import booking.processor.store.Locking;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ScenariosIT {

    static Stream<Arguments> scenarios() {
        return Stream.of(Locking.values())
                .flatMap(locking -> Scenario.all().stream().map(scenario -> Arguments.of(locking, scenario)));
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void endsAsWrittenWhenEachCommandComesAlone(Locking locking, Scenario scenario) {
        new ScenarioRun(scenario).oneByOne(new RealDesk(locking, UUID.randomUUID())::decide);
        requireCountersToBeTheSums(scenario);
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void endsAsWrittenWhenAllCommandsComeAtOnce(Locking locking, Scenario scenario) {
        new ScenarioRun(scenario).atOnce(new RealDesk(locking, UUID.randomUUID())::decide);
        requireCountersToBeTheSums(scenario);
    }

    private static void requireCountersToBeTheSums(Scenario scenario) {
        Set<String> eventIds =
                scenario.lines().stream().map(line -> line.command().eventId()).collect(Collectors.toSet());
        List<String> wrong = RealDesk.sql()
                .sql("""
                        SELECT id FROM events AS e WHERE id IN (:ids) AND (confirmed, held, waiting) <> (
                            SELECT coalesce(sum(quantity) FILTER (WHERE status = 'CONFIRMED'), 0),
                                coalesce(sum(quantity) FILTER (WHERE status = 'HELD'), 0),
                                (SELECT count(*) FROM waitlist WHERE event_id = e.id)
                            FROM bookings WHERE event_id = e.id)""")
                .param("ids", eventIds)
                .query(String.class)
                .list();
        assertThat(wrong)
                .as("events whose counters are not the sums of their bookings")
                .isEmpty();
    }
}
