package booking.processor.desk;

import booking.processor.Commands;
import booking.schemas.command.Book;
import booking.schemas.command.Cancel;
import booking.schemas.command.Command;
import booking.schemas.command.CreateEvent;
import booking.schemas.result.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A story in text, one command on a line with the answer it must get:
 *
 * <pre>
 * event E1 capacity 2
 * C1 book alice 1 -> accepted, 1 left
 * C2 book bob   2 -> rejected NOT_ENOUGH_SEATS    # a comment
 * C3 cancel C1 by alice -> accepted, 2 left
 * C4 event E2 capacity 1 at E1 -> rejected TIME_SLOT_TAKEN
 * C5 book bob 1 in E2 expecting 3 -> rejected EVENT_NOT_FOUND
 * </pre>
 *
 * A line without an answer must be accepted. Commands are about the first event unless they say {@code in}; an event
 * is at a venue of its own unless it says {@code at}. {@code expecting} is the event version that the sender saw.
 *
 * @param name the name of the file
 */
record Scenario(String name, List<Line> lines) {
    private static final String FOLDER = "/booking/processor/scenarios";

    private static final Pattern LINE = Pattern.compile("((?<id>C\\d+) )?"
            + "(event (?<event>E\\d+) capacity (?<capacity>\\d+)( at (?<venue>E\\d+))?"
            + "|book (?<user>\\w+) (?<quantity>\\d+)"
            + "|cancel (?<booking>C\\d+)( by (?<owner>\\w+))?)"
            + "( in (?<in>E\\d+))?( expecting (?<version>\\d+))?"
            + "( -> (accepted|rejected (?<reason>[A-Z_]+))(, (?<left>\\d+) left)?)?");

    /**
     * A command and the answer it must get.
     *
     * @param refusal empty when it must be accepted
     * @param left how many seats must be left then, when it says so
     */
    record Line(String text, Command command, Optional<Reason> refusal, OptionalInt left) {}

    /** All of them, each told in names that no other telling uses, as the tables are shared. */
    static List<Scenario> all() {
        URL folder = Objects.requireNonNull(Scenario.class.getResource(FOLDER), FOLDER);
        try (Stream<Path> files = Files.list(Path.of(folder.toURI()))) {
            return files.sorted().map(Scenario::read).toList();
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException("cannot read the scenarios", e);
        }
    }

    private static Scenario read(Path file) {
        try {
            String telling = UUID.randomUUID().toString();
            List<Line> lines = new ArrayList<>();
            for (String text : Files.readAllLines(file)) {
                String said = text.replaceAll("#.*", "").replaceAll("\\s+", " ").strip();
                if (!said.isEmpty()) {
                    lines.add(line(said, telling));
                }
            }
            return new Scenario(file.getFileName().toString(), List.copyOf(lines));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private static Line line(String text, String telling) {
        Matcher line = LINE.matcher(text);
        if (!line.matches()) {
            throw new IllegalArgumentException("not a line of a scenario: " + text);
        }
        return new Line(
                text,
                command(line, telling),
                group(line, "reason").map(Reason::valueOf),
                group(line, "left").map(Integer::parseInt).map(OptionalInt::of).orElse(OptionalInt.empty()));
    }

    private static Command command(Matcher line, String telling) {
        String event = group(line, "event").or(() -> group(line, "in")).orElse("E1");
        String eventId = event + "-" + telling;
        UUID commandId = id(group(line, "id").orElse(event), telling);
        OptionalLong version = group(line, "version")
                .map(Long::parseLong)
                .map(OptionalLong::of)
                .orElse(OptionalLong.empty());
        if (line.group("event") != null) {
            return new CreateEvent(
                    commandId,
                    eventId,
                    "Concert",
                    Commands.DATE,
                    group(line, "venue").orElse(event) + "-" + telling,
                    Integer.parseInt(line.group("capacity")));
        }
        if (line.group("user") != null) {
            return new Book(commandId, eventId, line.group("user"), Integer.parseInt(line.group("quantity")), version);
        }
        return new Cancel(commandId, eventId, id(line.group("booking"), telling), group(line, "owner"), version);
    }

    private static UUID id(String name, String telling) {
        return UUID.nameUUIDFromBytes((name + telling).getBytes(StandardCharsets.UTF_8));
    }

    private static Optional<String> group(Matcher line, String name) {
        return Optional.ofNullable(line.group(name));
    }

    @Override
    public String toString() {
        return name;
    }
}
