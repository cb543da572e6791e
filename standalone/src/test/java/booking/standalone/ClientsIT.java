package booking.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import booking.embedded.FreePorts;
import booking.embedded.TemporaryDirectory;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The commands that ask a gateway, on a running system. */
class ClientsIT {
    private static final Pattern BOOKING_ID = Pattern.compile("booking ([0-9a-f-]{36})");

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static TemporaryDirectory directory;
    private static StartedSystem system;

    @BeforeAll
    static void startSystem() throws Exception {
        directory = TemporaryDirectory.create("clients-it-");
        system = StartedSystem.start(
                directory.path(),
                Map.of(),
                "--ephemeral",
                "--port",
                Integer.toString(FreePorts.any()),
                "--kafka-port",
                Integer.toString(FreePorts.any()),
                "--postgres-port",
                Integer.toString(FreePorts.any()));
        system.awaitReady();
    }

    @AfterAll
    static void stopSystem() throws Exception {
        try (TemporaryDirectory after = directory;
                StartedSystem stopped = system) {
            assertThat(after.path()).exists();
            stopped.signal("TERM");
            stopped.awaitExit();
        }
    }

    @Test
    void theLastPlaceGoesToWhoAsksFirst() {
        String event = create("--capacity", "2");

        CommandLineRun alice = run("book", event, "alice");
        CommandLineRun bob = run("book", event, "bob", "--quantity", "2");
        CommandLineRun carol = run("book", event, "carol");
        CommandLineRun dave = run("book", event, "dave");

        assertThat(alice.output()).startsWith("booked 1 place of " + event + " for alice, 1 left; booking ");
        assertThat(alice.exitCode()).isZero();
        assertThat(bob.errors()).startsWith("refused: ").contains("(NOT_ENOUGH_SEATS)");
        assertThat(bob.exitCode()).isEqualTo(1);
        assertThat(carol.output()).startsWith("booked 1 place of " + event + " for carol, 0 left; booking ");
        assertThat(dave.errors()).startsWith("refused: ").contains("(SOLD_OUT)");
        assertThat(dave.exitCode()).isEqualTo(1);
    }

    @Test
    void theSameKeyBooksOnce() {
        String event = create("--capacity", "2");

        CommandLineRun first = run("book", event, "alice", "--key", event + "-alice");
        CommandLineRun again = run("book", event, "alice", "--key", event + "-alice");

        assertThat(again).isEqualTo(first);
        assertThat(first.output()).contains("1 left");
    }

    @Test
    void aCancelledPlaceIsFreeAgain() {
        String event = create();
        String booking = bookingIn(run("book", event, "alice"));

        CommandLineRun byBob = run("cancel", event, booking, "--user", "bob");
        CommandLineRun byAlice = run("cancel", event, booking, "--user", "alice");
        CommandLineRun again = run("cancel", event, booking);

        assertThat(byBob.errors()).contains("(NOT_THE_OWNER)");
        assertThat(byAlice.output().trim()).isEqualTo("cancelled, 1 left of " + event);
        assertThat(byAlice.exitCode()).isZero();
        assertThat(again.errors()).contains("(BOOKING_CANCELLED)");
    }

    @Test
    void aSaleGoesFromItsOpeningToItsEnd() {
        String event = create("--capacity", "2", "--limit", "1", "--opens", "2099-01-01T00:00:00Z");
        String dave = "dave of " + event;

        assertThat(run("hold", event, "alice").errors()).contains("(SALES_NOT_OPEN)");
        assertThat(run("update", event, "--opens", "2026-01-01T00:00:00Z", "--closes", "2099-01-01T00:00:00Z")
                        .output()
                        .trim())
                .isEqualTo("updated " + event + ", 2 of 2 left");
        CommandLineRun held = run("hold", event, "alice");
        assertThat(held.output()).startsWith("held 1 place of " + event + " for alice until ");
        assertThat(run("hold", event, "alice").errors()).contains("(USER_LIMIT_REACHED)");
        String hers = bookingIn(held);
        assertThat(run("confirm", event, hers).output().trim())
                .isEqualTo("confirmed 1 place of " + event + " for alice, 1 left; booking " + hers);

        String his = bookingIn(run("hold", event, "bob", "--seconds", "1"));
        await().atMost(PATIENCE).until(() -> statusOf(his, "bookings", event).equals("EXPIRED"));
        assertThat(run("confirm", event, his).errors()).contains("(HOLD_EXPIRED)");

        run("book", event, "carol");
        assertThat(run("wait", event, dave).output().trim())
                .isEqualTo(dave + " waits for 1 place of " + event + ", number 1 in the line");
        run("wait", event, "erin");
        assertThat(run("leave", event, "erin").output().trim())
                .isEqualTo("erin no longer waits for places of " + event);
        assertThat(run("leave", event, "erin").errors()).contains("(NOT_ON_WAITLIST)");
        run("cancel", event, hers);
        await().atMost(PATIENCE)
                .until(() -> run("bookings", "--user", dave).output().contains("HELD until "));

        assertThat(run("update", event, "--capacity", "1").errors()).contains("(CAPACITY_BELOW_TAKEN)");
        assertThat(run("close", event).output().trim()).isEqualTo("closed " + event + ", 0 of 2 left");
        assertThat(run("close", event).errors()).contains("(EVENT_CLOSED)");
        assertThat(run("events").output().lines())
                .anySatisfy(line -> assertThat(line).startsWith(event + " ").contains(" CLOSED "));
        assertThat(run("bookings", event).output().lines()).hasSize(5);
    }

    @Test
    void anUpdateSaysWhatItNeeds() {
        CommandLineRun nothing = run("update", create());

        assertThat(nothing.exitCode()).isEqualTo(1);
        assertThat(nothing.errors()).contains("at least one of name, date, venue, capacity");
    }

    @Test
    void usersMayHaveAnyName() {
        String event = create();
        String booking = bookingIn(run("book", event, "Zoë & co/1+1?"));

        assertThat(statusOf(booking, "bookings", "--user", "Zoë & co/1+1?")).isEqualTo("CONFIRMED");
        assertThat(run("cancel", event, booking, "--user", "Zoë & co/1+1?").exitCode())
                .isZero();
    }

    @Test
    void eventsListsWhatIsLeft() {
        String event = create("--capacity", "3", "--name", "Evening with Zoë");
        run("book", event, "alice", "--quantity", "2");

        assertThat(run("events").output().lines())
                .anySatisfy(line -> assertThat(line)
                        .startsWith(event + " ")
                        .contains(" 1 of 3 ")
                        .endsWith(" Evening with Zoë"));
    }

    @Test
    void eventsHaveTheirColumnsInLineHoweverLongTheirIdsAre() {
        String event = create("--name", "Evening with Zoë");
        String longer = event + "-" + event;
        assertThat(run("create", longer, "--date", "2027-05-01T20:00:00Z", "--venue", longer, "--name", "Late evening")
                        .exitCode())
                .isZero();

        List<String> lines = run("events").output().lines().toList();

        assertThat(lines.get(0)).startsWith("EVENT ").endsWith(" NAME");
        int name = lines.get(0).indexOf("NAME");
        assertThat(lines)
                .anySatisfy(line -> assertThat(line)
                        .startsWith(event + " ")
                        .satisfies(
                                it -> assertThat(it.indexOf("Evening with Zoë")).isEqualTo(name)))
                .anySatisfy(line -> assertThat(line)
                        .startsWith(longer + " ")
                        .satisfies(it -> assertThat(it.indexOf("Late evening")).isEqualTo(name)));
    }

    @Test
    void bookingsHaveTheirColumnsInLineHoweverLongUsersAre() {
        String event = create("--capacity", "2");
        run("book", event, "alice");
        run("book", event, "somebody whose name takes more room than a column would have had");

        List<String> lines = run("bookings", event).output().lines().toList();

        int status = lines.get(0).indexOf("STATUS");
        assertThat(lines.subList(1, lines.size()))
                .hasSize(2)
                .allSatisfy(line -> assertThat(line.indexOf("CONFIRMED")).isEqualTo(status));
    }

    @Test
    void watchShowsResultsAsTheyHappen() {
        String event = create();
        StringWriter shown = new StringWriter();
        StringWriter aside = new StringWriter();
        Thread watching = new Thread(() -> BookingCommand.commandLine()
                .setOut(new PrintWriter(shown, true))
                .setErr(new PrintWriter(aside, true))
                .execute("watch", "--url", system.awaitReady().url()));
        watching.setDaemon(true);
        watching.start();
        await().atMost(PATIENCE).until(() -> aside.toString().startsWith("watching "));

        run("book", event, "alice");
        run("book", event, "bob");

        await().atMost(PATIENCE).until(() -> shown.toString().contains("bob"));
        assertThat(shown.toString().lines().filter(line -> line.contains(event)))
                .satisfiesExactly(
                        alice -> assertThat(alice).contains(" book " + event + " alice: accepted, booking "),
                        bob -> assertThat(bob)
                                .contains(" book " + event + " bob: rejected, ")
                                .endsWith("(ALREADY_BOOKED)"));
        watching.interrupt();
    }

    private static String create(String... options) {
        String event = "e-" + UUID.randomUUID();
        String[] arguments = new String[options.length + 6];
        arguments[0] = "create";
        arguments[1] = event;
        arguments[2] = "--date";
        arguments[3] = "2027-05-01T20:00:00Z";
        arguments[4] = "--venue";
        arguments[5] = event;
        System.arraycopy(options, 0, arguments, 6, options.length);
        assertThat(run(arguments).output()).startsWith("created " + event + " with ");
        return event;
    }

    /** The last word of the booking's line. */
    private static String statusOf(String bookingId, String... list) {
        String line = run(list)
                .output()
                .lines()
                .filter(it -> it.startsWith(bookingId))
                .findFirst()
                .orElseThrow();
        return line.substring(line.lastIndexOf(' ') + 1);
    }

    private static String bookingIn(CommandLineRun run) {
        Matcher id = BOOKING_ID.matcher(run.output());
        assertThat(id.find()).isTrue();
        return id.group(1);
    }

    private static CommandLineRun run(String... arguments) {
        String[] all = new String[arguments.length + 2];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        all[arguments.length] = "--url";
        all[arguments.length + 1] = system.awaitReady().url();
        return CommandLineRun.of(all);
    }
}
