package booking.auditor;

import booking.schemas.command.Book;
import booking.schemas.command.Cancel;
import booking.schemas.command.CloseEvent;
import booking.schemas.command.Command;
import booking.schemas.command.CommandEncoder;
import booking.schemas.command.Confirm;
import booking.schemas.command.CreateEvent;
import booking.schemas.command.ExpireHold;
import booking.schemas.command.Hold;
import booking.schemas.command.JoinWaitlist;
import booking.schemas.command.LeaveWaitlist;
import booking.schemas.command.UpdateEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;

/** What is sent to a system to have something of everything: stories whose ends are known, and many random commands. */
final class History {
    /** One place, wanted by alice and then by bob. */
    static final String ONE_PLACE = "one-place";
    /** Ten places: alice has 2, bob 3 until he cancels; carol had a hold that ran out, dave has confirmed his. */
    static final String TEN_PLACES = "ten-places";
    /** Two places taken by alice; bob and carol wait, each for two. */
    static final String WITH_A_LINE = "with-a-line";

    /** Of a sender whose command cannot be read. */
    static final String OWN_HEADER = "my-number";

    static final UUID ALICE_AT_ONE_PLACE = new UUID(1, 1);
    static final UUID BOB_AT_ONE_PLACE = new UUID(1, 2);
    static final UUID ALICE = new UUID(2, 1);
    static final UUID BOB = new UUID(2, 2);
    static final UUID CAROLS_HOLD = new UUID(2, 3);
    static final UUID DAVES_HOLD = new UUID(2, 4);
    static final UUID EVES_HOLD = new UUID(2, 5);
    static final UUID BOB_WAITS = new UUID(3, 2);

    private static final CommandEncoder COMMANDS = new CommandEncoder();
    private static final Instant DATE = Instant.parse("2027-05-01T20:00:00Z");
    private static final int RANDOM_COMMANDS = 1_500;

    private final TestSystem system;
    private final Random random;
    private final List<UUID> bookings = new ArrayList<>();
    private final Map<UUID, String> eventsOfBookings = new HashMap<>();
    private final List<Command> sent = new ArrayList<>();

    private History(TestSystem system, long seed) {
        this.system = system;
        this.random = new Random(seed);
    }

    /** Sends all of it; returns when it is written. */
    static void sendTo(TestSystem system, long seed) {
        History history = new History(system, seed);
        history.stories();
        history.badInput();
        history.anything();
    }

    private void stories() {
        system.send(event(ONE_PLACE, 1));
        system.send(book(ALICE_AT_ONE_PLACE, ONE_PLACE, "alice", 1));
        system.send(book(BOB_AT_ONE_PLACE, ONE_PLACE, "bob", 1));

        system.send(event(TEN_PLACES, 10));
        system.send(book(ALICE, TEN_PLACES, "alice", 2));
        system.send(book(BOB, TEN_PLACES, "bob", 3));
        system.send(hold(CAROLS_HOLD, TEN_PLACES, "carol", 2, 1));
        system.send(hold(DAVES_HOLD, TEN_PLACES, "dave", 1, 600));
        system.send(hold(EVES_HOLD, TEN_PLACES, "eve", 1, 600));
        system.send(new Confirm(new UUID(2, 6), TEN_PLACES, DAVES_HOLD, OptionalLong.empty()));
        system.send(new Cancel(new UUID(2, 7), TEN_PLACES, BOB, Optional.of("bob"), OptionalLong.empty()));
        // The same once more, something else under the same id, and an answer that was lost.
        system.send(book(ALICE, TEN_PLACES, "alice", 2));
        system.send(book(ALICE, TEN_PLACES, "alice", 3));
        system.send(new Cancel(new UUID(2, 7), TEN_PLACES, BOB, Optional.of("bob"), OptionalLong.empty()));

        system.send(event(WITH_A_LINE, 2));
        system.send(book(new UUID(3, 1), WITH_A_LINE, "alice", 2));
        system.send(new JoinWaitlist(BOB_WAITS, WITH_A_LINE, "bob", 2, OptionalLong.empty()));
        system.send(new JoinWaitlist(new UUID(3, 3), WITH_A_LINE, "carol", 2, OptionalLong.empty()));

        // Two that want one venue at one date, wherever they are decided.
        for (int i = 0; i < 4; i++) {
            system.send(eventAt("the-only-hall", "rival-" + i, 5));
        }
    }

    private void badInput() {
        UUID id = new UUID(4, 1);
        system.send(TEN_PLACES, null);
        system.send(TEN_PLACES, new byte[0]);
        ProducerRecord<byte[], byte[]> notJson =
                new ProducerRecord<>(system.topics().commands(), utf8("no event"), utf8("not json"));
        notJson.headers().add(OWN_HEADER, utf8("42"));
        system.send(notJson);
        system.send(TEN_PLACES, utf8("{\"type\":\"book\"}"));
        system.send(
                TEN_PLACES,
                utf8("{\"type\":\"book\",\"commandId\":\"" + id + "\",\"eventId\":\"ten-places\",\"quantity\":1}"));
        system.send(
                TEN_PLACES,
                utf8("{\"type\":\"steal\",\"commandId\":\"" + new UUID(4, 2) + "\",\"eventId\":\"ten-places\"}"));
        system.send("another-key", COMMANDS.encode(book(new UUID(4, 3), TEN_PLACES, "mallory", 1)));
        // A valid command with the id of the invalid one.
        system.send(book(id, TEN_PLACES, "zoe", 1));
        // The same command on every partition, by senders with partitioners of their own.
        Command stray = new Confirm(new UUID(4, 4), "nowhere", new UUID(9, 9), OptionalLong.empty());
        system.send(stray);
        Command first = book(new UUID(4, 5), ONE_PLACE, "late", 1);
        for (int partition = 0; partition < TestSystem.PARTITIONS; partition++) {
            system.send(new ProducerRecord<>(
                    system.topics().commands(), partition, utf8(ONE_PLACE + "-"), COMMANDS.encode(first)));
        }
    }

    private void anything() {
        for (int i = 0; i < 6; i++) {
            system.send(new CreateEvent(
                    UUID.randomUUID(),
                    "any-" + i,
                    "Anything",
                    DATE,
                    "hall-" + i,
                    1 + random.nextInt(6),
                    random.nextBoolean() ? OptionalInt.of(3) : OptionalInt.empty(),
                    Optional.empty(),
                    Optional.empty()));
        }
        for (int i = 0; i < RANDOM_COMMANDS; i++) {
            Command command = sent.isEmpty() || random.nextInt(20) > 0 ? any() : sent.get(random.nextInt(sent.size()));
            sent.add(command);
            system.send(command);
        }
    }

    private Command any() {
        UUID id = new UUID(random.nextLong(), random.nextLong());
        String event = "any-" + random.nextInt(7);
        String user = "user-" + random.nextInt(8);
        int quantity = 1 + random.nextInt(3);
        OptionalLong version = random.nextInt(10) == 0 ? OptionalLong.of(1 + random.nextInt(60)) : OptionalLong.empty();
        UUID booking = bookings.isEmpty()
                ? id
                : bookings.get(bookings.size() - 1 - random.nextInt(Math.min(25, bookings.size())));
        return switch (random.nextInt(16)) {
            case 0, 1, 2 -> made(new Book(id, event, user, quantity, version));
            case 3, 4, 5 -> made(hold(id, event, user, quantity, random.nextBoolean() ? 1 : 600));
            case 6 -> new Confirm(id, eventOf(booking, event), booking, version);
            case 7, 8, 9 ->
                new Cancel(
                        id,
                        eventOf(booking, event),
                        booking,
                        random.nextInt(4) == 0 ? Optional.of(user) : Optional.empty(),
                        version);
            case 10 -> new ExpireHold(id, eventOf(booking, event), booking, OptionalLong.empty());
            case 11, 12 -> new JoinWaitlist(id, event, user, quantity, version);
            case 13 -> new LeaveWaitlist(id, event, user, 1, version);
            case 14 ->
                new UpdateEvent(
                        id,
                        event,
                        Optional.empty(),
                        Optional.empty(),
                        random.nextBoolean() ? Optional.of("hall-" + (6 + random.nextInt(4))) : Optional.empty(),
                        OptionalInt.of(2 + random.nextInt(8)),
                        OptionalInt.empty(),
                        Optional.empty(),
                        random.nextInt(30) == 0 ? Optional.of(Instant.now().plusSeconds(2)) : Optional.empty(),
                        version);
            default ->
                random.nextInt(30) == 0
                        ? new CloseEvent(id, event, version)
                        : made(new Hold(id, event, user, 1, 5, Optional.of(new UUID(8, 8)), version));
        };
    }

    private Command made(Command command) {
        bookings.add(command.commandId());
        eventsOfBookings.put(command.commandId(), command.eventId());
        return command;
    }

    private String eventOf(UUID booking, String other) {
        return random.nextInt(10) == 0 ? other : eventsOfBookings.getOrDefault(booking, other);
    }

    private static CreateEvent event(String eventId, int capacity) {
        return eventAt(eventId, eventId, capacity);
    }

    private static CreateEvent eventAt(String venue, String eventId, int capacity) {
        return new CreateEvent(
                UUID.randomUUID(),
                eventId,
                "Concert",
                DATE,
                venue,
                capacity,
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static Book book(UUID id, String eventId, String userId, int quantity) {
        return new Book(id, eventId, userId, quantity, OptionalLong.empty());
    }

    private static Hold hold(UUID id, String eventId, String userId, int quantity, int seconds) {
        return new Hold(id, eventId, userId, quantity, seconds, Optional.empty(), OptionalLong.empty());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
