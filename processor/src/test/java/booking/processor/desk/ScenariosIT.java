package booking.processor.desk;

import booking.processor.store.Locking;
import java.util.UUID;
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
        Tables.requireTrue(
                scenario.lines().stream().map(line -> line.command().eventId()).toList());
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void endsAsWrittenWhenAllCommandsComeAtOnce(Locking locking, Scenario scenario) {
        new ScenarioRun(scenario).atOnce(new RealDesk(locking, UUID.randomUUID())::decide);
        Tables.requireTrue(
                scenario.lines().stream().map(line -> line.command().eventId()).toList());
    }
}
