package booking.standalone.audit;

import booking.processor.ProcessorApplication;
import booking.schemas.command.Book;
import booking.schemas.command.Cancel;
import booking.schemas.command.CloseEvent;
import booking.schemas.command.Command;
import booking.schemas.command.Confirm;
import booking.schemas.command.CreateEvent;
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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.awaitility.Awaitility;

/** A day at the desk: what a real processor decided, holds that ran out and offers to those who wait among it. */
final class History {
    private static final Instant DATE = Instant.parse("2027-05-01T20:00:00Z");
    private static final int EVENTS = 20;
    private static final int COMMANDS = 3_000;

    private final RecordedSystem system;
    private final List<Future<RecordMetadata>> sent = new ArrayList<>();
    private final List<String> events = new ArrayList<>();
    private final List<Command> made = new ArrayList<>();
    private final Map<String, List<UUID>> idsByEvent = new HashMap<>();
    private final Random random = new Random(8);

    private History(RecordedSystem system) {
        this.system = system;
    }

    /** Has a processor decide it, which then stops. */
    static void make(RecordedSystem system) throws ExecutionException, InterruptedException {
        ProcessorApplication processor = system.startProcessor();
        try {
            History history = new History(system);
            history.makeEvents();
            history.whoWaitsIsOfferedSeats();
            for (int i = 0; i < COMMANDS; i++) {
                history.sendAny();
            }
            history.somebodyWaitsInVain();
            system.awaitAllDecided(history.sent);
            // Every hold that is left runs out, and is seen to.
            Awaitility.await("holds have run out")
                    .atMost(RecordedSystem.PATIENCE)
                    .until(() -> system.count("SELECT count(*) FROM bookings WHERE status = 'HELD'") == 0);
        } finally {
            processor.close();
        }
    }

    static CreateEvent event(String id, String venue, int capacity, OptionalInt perUserLimit) {
        return new CreateEvent(
                UUID.randomUUID(),
                id,
                "Concert",
                DATE,
                venue,
                capacity,
                perUserLimit,
                Optional.empty(),
                Optional.empty());
    }

    static Book book(String event, String user) {
        return new Book(UUID.randomUUID(), event, user, 1, OptionalLong.empty());
    }

    private void makeEvents() {
        for (int i = 0; i < EVENTS; i++) {
            String event = "event-" + i;
            events.add(event);
            int capacity = i % 4 == 0 ? 1 : 10 * i;
            send(event(event, event, capacity, i % 3 == 0 ? OptionalInt.of(2) : OptionalInt.empty()));
        }
        send(event("quiet", "quiet", 5, OptionalInt.empty()));
    }

    private void whoWaitsIsOfferedSeats() throws ExecutionException, InterruptedException {
        send(event("wanted", "wanted", 1, OptionalInt.empty()));
        Book first = book("wanted", "alice");
        send(first);
        send(new JoinWaitlist(UUID.randomUUID(), "wanted", "bob", 1, OptionalLong.empty()));
        send(new Cancel(UUID.randomUUID(), "wanted", first.commandId(), Optional.empty(), OptionalLong.empty()));
        system.awaitAllDecided(sent);
        Awaitility.await("bob is offered the place, and lets it go")
                .atMost(RecordedSystem.PATIENCE)
                .until(() -> system.count("SELECT count(*) FROM bookings WHERE user_id = 'bob' AND status = 'EXPIRED'")
                        == 1);
    }

    private void somebodyWaitsInVain() {
        send(event("full", "full", 1, OptionalInt.empty()));
        send(book("full", "carol"));
        send(new JoinWaitlist(UUID.randomUUID(), "full", "dora", 1, OptionalLong.empty()));
    }

    private void sendAny() {
        String event = events.get(random.nextInt(events.size()));
        String user = "user-" + random.nextInt(50);
        int quantity = 1 + random.nextInt(2);
        OptionalLong anyVersion = OptionalLong.empty();
        switch (random.nextInt(16)) {
            case 0 -> sent.add(system.send(event, utf8("no command")));
            case 1 ->
                sent.add(system.send(
                        event,
                        utf8("{\"type\":\"book\",\"commandId\":\"" + UUID.randomUUID() + "\",\"eventId\":\"" + event
                                + "\"}")));
            case 2 -> send(made.isEmpty() ? book(event, user) : made.get(random.nextInt(made.size())));
            case 3 -> send(new Book(someCommand(event), event, user, 3, anyVersion));
            case 4, 5 -> send(new Cancel(UUID.randomUUID(), event, someCommand(event), Optional.empty(), anyVersion));
            case 6 -> send(new Hold(UUID.randomUUID(), event, user, quantity, 1, Optional.empty(), anyVersion));
            case 7 -> send(new Confirm(UUID.randomUUID(), event, someCommand(event), anyVersion));
            case 8 -> send(new JoinWaitlist(UUID.randomUUID(), event, user, quantity, anyVersion));
            case 9 -> send(new LeaveWaitlist(UUID.randomUUID(), event, user, quantity, anyVersion));
            case 10 ->
                send(new UpdateEvent(
                        UUID.randomUUID(),
                        event,
                        Optional.of("Concert of " + user),
                        Optional.empty(),
                        Optional.empty(),
                        OptionalInt.empty(),
                        OptionalInt.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        OptionalLong.of(1 + random.nextInt(100))));
            case 11 ->
                send(
                        random.nextInt(100) == 0
                                ? new CloseEvent(UUID.randomUUID(), event, anyVersion)
                                : book("nowhere-" + random.nextInt(5), user));
            default -> send(new Book(UUID.randomUUID(), event, user, quantity, anyVersion));
        }
    }

    /** The id of a command for the same event, so that it is on the same partition: else nobody knows which came first. */
    private UUID someCommand(String event) {
        List<UUID> ids = idsByEvent.getOrDefault(event, List.of());
        return ids.isEmpty() ? UUID.randomUUID() : ids.get(random.nextInt(ids.size()));
    }

    private void send(Command command) {
        made.add(command);
        idsByEvent.computeIfAbsent(command.eventId(), none -> new ArrayList<>()).add(command.commandId());
        sent.add(system.send(command));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
