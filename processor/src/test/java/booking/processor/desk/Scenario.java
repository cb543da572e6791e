package booking.processor.desk;

import booking.processor.Commands;
import booking.schemas.command.Book;
import booking.schemas.command.Cancel;
import booking.schemas.command.CloseEvent;
import booking.schemas.command.Command;
import booking.schemas.command.Confirm;
import booking.schemas.command.CreateEvent;
import booking.schemas.command.ExpireHold;
import booking.schemas.command.Hold;
import booking.schemas.command.JoinWaitlist;
import booking.schemas.command.LeaveWaitlist;
import booking.schemas.command.UpdateEvent;
import booking.schemas.result.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
 * event E1 capacity 2 limit 1 opens 09:00:00 closes 18:00:00
 * C1 book alice 1 -> accepted, 1 left
 * C2 book bob   2 -> rejected NOT_ENOUGH_SEATS    # a comment
 * C3 cancel C1 by alice -> accepted, 2 left
 * C4 event E2 capacity 1 at E1 -> rejected TIME_SLOT_TAKEN
 * C5 book bob 1 in E2 expecting 3 -> rejected EVENT_NOT_FOUND
 * C6 hold bob 1 for 60 s -> accepted, 1 left, until 10:01:06
 * C7 confirm C6
 * C8 wait carol 2 -> accepted, place 1
 * C9 offer C8 for 60 s                            # the hold that the processor writes for the one who waits
 * C10 leave carol -> rejected NOT_ON_WAITLIST
 * it is 10:05:00
 * C11 expire C9 -> accepted                       # what the processor writes when a hold has run out
 * C12 update E1 capacity 3
 * C13 close E1
 * crash
 * </pre>
 *
 * A line without an answer must be accepted. Commands are about the first event unless they say {@code in}; an event
 * is at a venue of its own unless it says {@code at}. {@code expecting} is the event version that the sender saw. The
 * first command is written at 10:00:00, each other one a second after the one before, unless {@code it is} another time.
 * After a {@code crash} all that was written since the last one is decided once more, and must get the same answers.
 *
 * @param name the name of the file
 */
record Scenario(String name, List<Line> lines) {
    private static final String FOLDER = "/booking/processor/scenarios";
    private static final LocalDate DAY = LocalDate.parse("2026-11-22");

    private static final String TIME = "\\d\\d:\\d\\d:\\d\\d";

    private static final Pattern CLOCK = Pattern.compile("it is (" + TIME + ")");

    private static final Pattern LINE = Pattern.compile("((?<id>C\\d+) )?"
            + "((?<what>event|update|close) (?<event>E\\d+)( capacity (?<capacity>\\d+))?( limit (?<limit>\\d+))?"
            + "( opens (?<opens>" + TIME + "))?( closes (?<closes>" + TIME + "))?( at (?<venue>E\\d+))?"
            + "|(?<take>book|hold|wait) (?<user>\\w+) (?<quantity>\\d+)( for (?<seconds>\\d+) s)?"
            + "|leave (?<leaver>\\w+)"
            + "|offer (?<waiting>C\\d+) for (?<offerSeconds>\\d+) s"
            + "|(?<end>confirm|cancel|expire) (?<booking>C\\d+)( by (?<owner>\\w+))?)"
            + "( in (?<in>E\\d+))?( expecting (?<version>\\d+))?"
            + "( -> (accepted|rejected (?<reason>[A-Z_]+))(, (?<left>\\d+) left)?(, until (?<until>" + TIME + "))?"
            + "(, place (?<place>\\d+))?)?");

    /**
     * A command and the answer it must get.
     *
     * @param afterCrash whether all since the last crash is decided again before it is written
     * @param refusal empty when it must be accepted
     * @param left how many seats must be left then, when it says so
     * @param until when the hold must run out, when it says so
     * @param place which place in the line it must be, when it says so
     */
    record Line(
            String text,
            boolean afterCrash,
            Instant at,
            Command command,
            Optional<Reason> refusal,
            OptionalInt left,
            Optional<Instant> until,
            OptionalInt place) {}

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
            Map<UUID, JoinWaitlist> line = new HashMap<>();
            Instant at = time("10:00:00");
            boolean crashed = false;
            for (String text : Files.readAllLines(file)) {
                String said = text.replaceAll("#.*", "").replaceAll("\\s+", " ").strip();
                Matcher clock = CLOCK.matcher(said);
                if (clock.matches()) {
                    at = time(clock.group(1));
                } else if (said.equals("crash")) {
                    crashed = true;
                } else if (!said.isEmpty()) {
                    Line next = line(said, telling, at, crashed, line);
                    if (next.command() instanceof JoinWaitlist join) {
                        line.put(join.commandId(), join);
                    }
                    lines.add(next);
                    at = at.plusSeconds(1);
                    crashed = false;
                }
            }
            return new Scenario(file.getFileName().toString(), List.copyOf(lines));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private static Line line(
            String text, String telling, Instant at, boolean crashed, Map<UUID, JoinWaitlist> waiting) {
        Matcher line = LINE.matcher(text);
        if (!line.matches()) {
            throw new IllegalArgumentException("not a line of a scenario: " + text);
        }
        return new Line(
                text,
                crashed,
                at,
                command(line, telling, waiting),
                group(line, "reason").map(Reason::valueOf),
                number(line, "left"),
                group(line, "until").map(Scenario::time),
                number(line, "place"));
    }

    private static Command command(Matcher line, String telling, Map<UUID, JoinWaitlist> waiting) {
        String event = group(line, "event").or(() -> group(line, "in")).orElse("E1");
        String eventId = event + "-" + telling;
        UUID commandId = id(group(line, "id").orElse(event), telling);
        OptionalLong version = group(line, "version")
                .map(Long::parseLong)
                .map(OptionalLong::of)
                .orElse(OptionalLong.empty());
        if (line.group("what") != null) {
            return aboutTheEvent(line, commandId, eventId, telling, version);
        }
        if (line.group("take") != null) {
            String user = line.group("user");
            int quantity = Integer.parseInt(line.group("quantity"));
            return switch (line.group("take")) {
                case "book" -> new Book(commandId, eventId, user, quantity, version);
                case "hold" ->
                    new Hold(
                            commandId,
                            eventId,
                            user,
                            quantity,
                            Integer.parseInt(line.group("seconds")),
                            Optional.empty(),
                            version);
                default -> new JoinWaitlist(commandId, eventId, user, quantity, version);
            };
        }
        if (line.group("waiting") != null) {
            JoinWaitlist join = Objects.requireNonNull(
                    waiting.get(id(line.group("waiting"), telling)), "nobody waits by " + line.group("waiting"));
            return new Hold(
                    commandId,
                    join.eventId(),
                    join.userId(),
                    join.quantity(),
                    Integer.parseInt(line.group("offerSeconds")),
                    Optional.of(join.commandId()),
                    version);
        }
        if (line.group("leaver") != null) {
            return new LeaveWaitlist(commandId, eventId, line.group("leaver"), 1, version);
        }
        UUID booking = id(line.group("booking"), telling);
        return switch (line.group("end")) {
            case "confirm" -> new Confirm(commandId, eventId, booking, version);
            case "expire" -> new ExpireHold(commandId, eventId, booking, version);
            default -> new Cancel(commandId, eventId, booking, group(line, "owner"), version);
        };
    }

    private static Command aboutTheEvent(
            Matcher line, UUID commandId, String eventId, String telling, OptionalLong version) {
        Optional<String> venue = group(line, "venue").map(name -> name + "-" + telling);
        Optional<Instant> opens = group(line, "opens").map(Scenario::time);
        Optional<Instant> closes = group(line, "closes").map(Scenario::time);
        OptionalInt capacity = number(line, "capacity");
        OptionalInt limit = number(line, "limit");
        return switch (line.group("what")) {
            case "event" ->
                new CreateEvent(
                        commandId,
                        eventId,
                        "Concert",
                        Commands.DATE,
                        venue.orElse(eventId),
                        capacity.orElseThrow(),
                        limit,
                        opens,
                        closes);
            case "update" ->
                new UpdateEvent(
                        commandId,
                        eventId,
                        Optional.empty(),
                        Optional.empty(),
                        venue,
                        capacity,
                        limit,
                        opens,
                        closes,
                        version);
            default -> new CloseEvent(commandId, eventId, version);
        };
    }

    private static Instant time(String clock) {
        return DAY.atTime(LocalTime.parse(clock)).toInstant(ZoneOffset.UTC);
    }

    private static OptionalInt number(Matcher line, String name) {
        return group(line, name).map(Integer::parseInt).map(OptionalInt::of).orElse(OptionalInt.empty());
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
