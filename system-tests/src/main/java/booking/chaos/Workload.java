package booking.chaos;

import booking.schemas.command.Book;
import booking.schemas.command.Cancel;
import booking.schemas.command.CloseEvent;
import booking.schemas.command.Command;
import booking.schemas.command.CommandEncoder;
import booking.schemas.command.Confirm;
import booking.schemas.command.CreateEvent;
import booking.schemas.command.Hold;
import booking.schemas.command.JoinWaitlist;
import booking.schemas.command.LeaveWaitlist;
import booking.schemas.command.UpdateEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * What clients ask for, made up from a seed: one event that everybody wants, some with few places and many with a handful;
 * bookings, holds that are confirmed, cancelled or left to run out, waitlists, commands sent twice, ids used again
 * for something else, and what is no command at all. Used by one thread.
 */
final class Workload {
    private static final CommandEncoder ENCODER = new CommandEncoder();

    private static final int REMEMBERED = 2_000;
    private static final Instant FIRST_DATE = Instant.parse("2030-01-01T00:00:00Z");

    private final Random random;
    private final String name;
    private final List<String> events = new ArrayList<>();

    /** Bookings that were asked for lately, whether they were made or not. */
    private final List<Command> asked = new ArrayList<>();

    private final List<Request> sent = new ArrayList<>();

    /**
     * A workload.
     *
     * @param name told apart from other workloads on the same system by it
     */
    Workload(long seed, String name) {
        this.random = new Random(seed);
        this.name = name;
    }

    /** What a client sends. */
    static final class Request {
        private final Optional<Command> command;
        private final byte[] key;
        private final byte @Nullable [] value;

        /** @param command what it means; empty when it means nothing */
        private Request(Optional<Command> command, byte[] key, byte @Nullable [] value) {
            this.command = command;
            this.key = key;
            this.value = value;
        }

        Optional<Command> command() {
            return command;
        }

        ProducerRecord<byte[], byte[]> to(String topic) {
            return new ProducerRecord<>(topic, key, value);
        }
    }

    /** The events that the rest is about. */
    List<Request> events() {
        List<Request> requests = new ArrayList<>();
        requests.add(event(20_000, OptionalInt.empty()));
        for (int i = 0; i < 4; i++) {
            requests.add(event(1, OptionalInt.empty()));
        }
        for (int i = 0; i < 25; i++) {
            requests.add(event(2 + random.nextInt(30), random.nextBoolean() ? OptionalInt.of(2) : OptionalInt.empty()));
        }
        return requests;
    }

    private Request event(int capacity, OptionalInt limit) {
        String id = name + "-" + events.size();
        events.add(id);
        // Two events in a hundred want the same date at the same place, so that only one of them gets it.
        int day = random.nextInt(50) == 0 ? 0 : events.size();
        return request(new CreateEvent(
                uuid(),
                id,
                "Event " + id,
                FIRST_DATE.plus(day, ChronoUnit.DAYS),
                "venue of " + name,
                capacity,
                limit,
                Optional.empty(),
                Optional.empty()));
    }

    /** The next thing that somebody asks for. */
    Request next() {
        int kind = random.nextInt(100);
        Request request;
        if (kind < 50 || asked.isEmpty()) {
            request = request(
                    remember(new Book(uuid(), someEvent(), someUser(), 1 + random.nextInt(2), OptionalLong.empty())));
        } else if (kind < 65) {
            request = request(remember(new Hold(
                    uuid(),
                    someEvent(),
                    someUser(),
                    1 + random.nextInt(2),
                    1 + random.nextInt(4),
                    Optional.empty(),
                    OptionalLong.empty())));
        } else if (kind < 72) {
            Command hold = someAsked();
            request = request(new Confirm(uuid(), hold.eventId(), hold.commandId(), OptionalLong.empty()));
        } else if (kind < 84) {
            Command booking = someAsked();
            request = request(
                    new Cancel(uuid(), booking.eventId(), booking.commandId(), Optional.empty(), OptionalLong.empty()));
        } else if (kind < 90) {
            request = request(
                    new JoinWaitlist(uuid(), someEvent(), someUser(), 1 + random.nextInt(2), OptionalLong.empty()));
        } else if (kind < 91) {
            request = request(new LeaveWaitlist(uuid(), someEvent(), someUser(), 1, OptionalLong.empty()));
        } else if (kind < 92) {
            request = request(change());
        } else if (kind < 96) {
            request = sent.get(random.nextInt(sent.size()));
        } else if (kind < 97) {
            request = request(new Book(someAsked().commandId(), someEvent(), "somebody else", 1, OptionalLong.empty()));
        } else {
            request = nonsense();
        }
        remember(request);
        return request;
    }

    private Command change() {
        String event = someEvent();
        if (random.nextInt(20) == 0 && !event.equals(events.get(0))) {
            return new CloseEvent(uuid(), event, OptionalLong.empty());
        }
        return new UpdateEvent(
                uuid(),
                event,
                Optional.of("Renamed " + random.nextInt(1_000)),
                Optional.empty(),
                Optional.empty(),
                event.equals(events.get(0)) ? OptionalInt.empty() : OptionalInt.of(1 + random.nextInt(40)),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty(),
                random.nextBoolean() ? OptionalLong.empty() : OptionalLong.of(1 + random.nextInt(5)));
    }

    private Request nonsense() {
        String event = someEvent();
        byte[] key = utf8(event);
        String id = uuid().toString();
        return switch (random.nextInt(6)) {
            case 0 -> new Request(Optional.empty(), key, null);
            case 1 -> new Request(Optional.empty(), key, utf8("no command"));
            case 2 -> new Request(Optional.empty(), key, utf8("{\"type\":\"book\",\"commandId\":\"" + id + "\""));
            case 3 -> new Request(Optional.empty(), key, utf8("{\"type\":\"book\",\"userId\":\"a\"}"));
            case 4 ->
                new Request(
                        Optional.empty(),
                        key,
                        utf8("{\"type\":\"book\",\"commandId\":\"" + id + "\",\"eventId\":\"" + event
                                + "\",\"userId\":\"a\",\"quantity\":0}"));
            default ->
                new Request(
                        Optional.empty(),
                        utf8("another-key"),
                        utf8("{\"type\":\"book\",\"commandId\":\"" + id + "\",\"eventId\":\"" + event
                                + "\",\"userId\":\"a\"}"));
        };
    }

    private static Request request(Command command) {
        return new Request(Optional.of(command), utf8(command.eventId()), ENCODER.encode(command));
    }

    private Command remember(Command booking) {
        if (asked.size() == REMEMBERED) {
            asked.remove(0);
        }
        asked.add(booking);
        return booking;
    }

    private void remember(Request request) {
        if (sent.size() == REMEMBERED) {
            sent.remove(0);
        }
        sent.add(request);
    }

    private Command someAsked() {
        // Mostly the latest: an older hold has run out.
        int size = asked.size();
        int back = Math.min(size, random.nextBoolean() ? 50 : size);
        return asked.get(size - 1 - random.nextInt(back));
    }

    private String someEvent() {
        return events.get(random.nextInt(3) == 0 ? 0 : random.nextInt(events.size()));
    }

    private String someUser() {
        return random.nextInt(10) == 0 ? "regular" : "user-" + random.nextInt(100_000);
    }

    private UUID uuid() {
        return new UUID(
                (random.nextLong() & 0xFFFF_FFFF_FFFF_0FFFL) | 0x4000L,
                (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
