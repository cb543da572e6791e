package booking.processor.desk;

import static org.assertj.core.api.Assertions.assertThat;

import booking.processor.BookingSystem;
import booking.schemas.result.Accepted;
import booking.schemas.result.Rejected;
import booking.schemas.result.Result;
import booking.schemas.result.ResultDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.function.Function;
import org.assertj.core.api.SoftAssertions;

/** A scenario played at a desk. */
final class ScenarioRun {
    private static final ResultDecoder RESULTS = new ResultDecoder();
    private static final int PARTITION = 0;

    private final Scenario scenario;
    private final CommandLog log = new CommandLog();

    ScenarioRun(Scenario scenario) {
        this.scenario = scenario;
        scenario.lines().forEach(line -> log.write(PARTITION, line.command()));
    }

    /** Each command in a poll of its own. */
    void oneByOne(Function<List<CommandBatch>, Map<Integer, BatchAnswers>> desk) {
        List<Answer> answers = new ArrayList<>();
        for (int offset = 0; offset < log.size(PARTITION); offset++) {
            answers.addAll(answers(desk.apply(List.of(log.batch(PARTITION, offset, offset + 1)))));
        }
        requireExpected(answers);
    }

    /** All commands in one poll. */
    void atOnce(Function<List<CommandBatch>, Map<Integer, BatchAnswers>> desk) {
        requireExpected(answers(desk.apply(log.all())));
    }

    private static List<Answer> answers(Map<Integer, BatchAnswers> decided) {
        return Objects.requireNonNull(decided.get(PARTITION)).answers();
    }

    private void requireExpected(List<Answer> answers) {
        assertThat(answers).hasSameSizeAs(scenario.lines());
        SoftAssertions.assertSoftly(softly -> {
            for (int i = 0; i < answers.size(); i++) {
                Scenario.Line line = scenario.lines().get(i);
                Result result = RESULTS.decode(BookingSystem.utf8(((Answer.Result) answers.get(i)).json()));
                softly.assertThat(inWords(result, line.left())).as(line.text()).isEqualTo(inWords(line));
            }
        });
    }

    private static String inWords(Scenario.Line line) {
        return line.refusal().map(reason -> "rejected " + reason).orElse("accepted") + inWords(line.left());
    }

    private static String inWords(Result result, OptionalInt wanted) {
        String outcome = result instanceof Accepted ? "accepted" : "rejected " + ((Rejected) result).reason();
        return outcome
                + (wanted.isPresent()
                        ? inWords(OptionalInt.of(result.event().orElseThrow().available()))
                        : "");
    }

    private static String inWords(OptionalInt left) {
        return left.isPresent() ? ", " + left.getAsInt() + " left" : "";
    }
}
