package booking.processor.desk;

import static org.assertj.core.api.Assertions.assertThat;

import booking.processor.BookingSystem;
import booking.schemas.result.Accepted;
import booking.schemas.result.Reason;
import booking.schemas.result.Rejected;
import booking.schemas.result.Result;
import booking.schemas.result.ResultDecoder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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
        scenario.lines().forEach(line -> log.write(PARTITION, line.at(), line.command()));
    }

    /** Each command in a poll of its own. */
    void oneByOne(Function<List<CommandBatch>, Map<Integer, BatchAnswers>> desk) {
        List<Answer> answers = new ArrayList<>();
        for (Part part : parts()) {
            List<Answer> once = new ArrayList<>();
            for (int offset = part.from(); offset < part.to(); offset++) {
                once.addAll(answers(desk.apply(List.of(log.batch(PARTITION, offset, offset + 1)))));
            }
            answers.addAll(once);
            requireSameAgain(part, once, desk);
        }
        requireExpected(answers);
    }

    /** All commands in one poll, or in one for each part when there are crashes in between. */
    void atOnce(Function<List<CommandBatch>, Map<Integer, BatchAnswers>> desk) {
        List<Answer> answers = new ArrayList<>();
        for (Part part : parts()) {
            List<Answer> once = answers(desk.apply(List.of(log.batch(PARTITION, part.from(), part.to()))));
            answers.addAll(once);
            requireSameAgain(part, once, desk);
        }
        requireExpected(answers);
    }

    /** What is written between two crashes. */
    private record Part(int from, int to) {}

    private List<Part> parts() {
        List<Part> parts = new ArrayList<>();
        int from = 0;
        for (int i = 1; i < scenario.lines().size(); i++) {
            if (scenario.lines().get(i).afterCrash()) {
                parts.add(new Part(from, i));
                from = i;
            }
        }
        parts.add(new Part(from, scenario.lines().size()));
        return parts;
    }

    /** As after a crash between the database's commit and Kafka's. */
    private void requireSameAgain(
            Part part, List<Answer> once, Function<List<CommandBatch>, Map<Integer, BatchAnswers>> desk) {
        if (part.to() < scenario.lines().size()) {
            assertThat(answers(desk.apply(List.of(log.batch(PARTITION, part.from(), part.to())))))
                    .as("answers after a crash")
                    .isEqualTo(once);
        }
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
                softly.assertThat(inWords(result, line)).as(line.text()).isEqualTo(inWords(line));
            }
        });
    }

    private static String inWords(Scenario.Line line) {
        return inWords(line.refusal().map(Reason::name).orElse("accepted"), line.left(), line.until(), line.place());
    }

    /** The result, as far as the line says something of it. */
    private static String inWords(Result result, Scenario.Line line) {
        Optional<Accepted> accepted = result instanceof Accepted some ? Optional.of(some) : Optional.empty();
        return inWords(
                result instanceof Rejected rejected ? rejected.reason().name() : "accepted",
                line.left().isEmpty()
                        ? OptionalInt.empty()
                        : OptionalInt.of(result.event().orElseThrow().available()),
                line.until().isEmpty()
                        ? Optional.empty()
                        : accepted.flatMap(Accepted::changed).flatMap(Accepted.ChangedBooking::holdExpiresAt),
                line.place().isEmpty()
                        ? OptionalInt.empty()
                        : accepted.flatMap(Accepted::place)
                                .map(Accepted.WaitlistPlace::waitlistPosition)
                                .orElse(OptionalInt.empty()));
    }

    private static String inWords(String outcome, OptionalInt left, Optional<Instant> until, OptionalInt place) {
        return outcome
                + (left.isPresent() ? ", " + left.getAsInt() + " left" : "")
                + until.map(instant -> ", until " + instant).orElse("")
                + (place.isPresent() ? ", place " + place.getAsInt() : "");
    }
}
