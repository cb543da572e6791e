package booking.processor.desk;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ScenariosTest {

    static List<Scenario> scenarios() {
        return Scenario.all();
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void endsAsWrittenWhenEachCommandComesAlone(Scenario scenario) {
        new ScenarioRun(scenario).oneByOne(new PaperDesk()::decide);
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void endsAsWrittenWhenAllCommandsComeAtOnce(Scenario scenario) {
        new ScenarioRun(scenario).atOnce(new PaperDesk()::decide);
    }
}
