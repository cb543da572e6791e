package booking.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import booking.schemas.command.Book;
import booking.schemas.command.Command;
import booking.schemas.command.CommandType;
import booking.schemas.result.Accepted;
import booking.schemas.result.Position;
import booking.schemas.result.Result;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * Clients that send, about a thousand times a second until they are stopped: bookings of roomy and of scarce events,
 * cancellations, commands sent again, and what is no command.
 */
final class Load implements AutoCloseable {
    private static final int EVENTS = 6;
    private static final int AT_ONCE = 10;

    private final BookingSystem system;
    private final List<String> events = new ArrayList<>();
    private final List<Book> books = new ArrayList<>();
    private final Queue<Future<RecordMetadata>> sent = new ConcurrentLinkedQueue<>();
    private final Random random = new Random(7);
    private final ScheduledExecutorService clients = Executors.newSingleThreadScheduledExecutor();

    private Load(BookingSystem system) {
        this.system = system;
    }

    /** Makes events, and has the clients begin. */
    static Load start(BookingSystem system) {
        Load load = new Load(system);
        for (int i = 0; i < EVENTS; i++) {
            String event = Commands.newEventId();
            load.events.add(event);
            load.send(Commands.event(event, i == 0 ? 1 : i == 1 ? 100 : 1_000_000));
        }
        var unused = load.clients.scheduleAtFixedRate(load::sendSome, 0, AT_ONCE, TimeUnit.MILLISECONDS);
        return load;
    }

    private void sendSome() {
        for (int i = 0; i < AT_ONCE; i++) {
            int kind = random.nextInt(20);
            if (kind == 0) {
                sent.add(system.send(events.get(0), "no command"));
            } else if (kind < 4 && !books.isEmpty()) {
                Book earlier = books.get(random.nextInt(books.size()));
                send(kind == 1 ? earlier : Commands.cancel(earlier.eventId(), earlier.commandId()));
            } else {
                Book book = Commands.book(events.get(random.nextInt(EVENTS)), user());
                books.add(book);
                send(book);
            }
        }
    }

    private void send(Command command) {
        sent.add(system.send(command));
    }

    /** Nobody else uses it. */
    private String user() {
        return system.topics().commands();
    }

    /** Waits until so many more bookings are in the tables. */
    void awaitMoreBookings(int more) {
        long before = bookings();
        await("bookings go on").atMost(BookingSystem.PATIENCE).until(() -> bookings() >= before + more);
    }

    private long bookings() {
        return system.count("SELECT count(*) FROM bookings WHERE user_id = ?", user());
    }

    /**
     * Has the clients end, and waits until every command is acknowledged. Then each must have one answer, and the tables
     * must say what the answers say.
     */
    void requireEveryCommandAnsweredOnce() {
        close();
        Set<Position> positions = new HashSet<>();
        for (Future<RecordMetadata> acknowledgement : sent) {
            RecordMetadata at = BookingSystem.position(acknowledgement);
            positions.add(new Position(at.partition(), at.offset()));
        }
        Dispositions dispositions = system.dispositions();
        dispositions.requireExactlyOneFor(positions);
        List<Result> results = dispositions.results();
        assertThat(results.stream()
                        .collect(Collectors.groupingBy(Result::commandId, Collectors.toSet()))
                        .values())
                .as("the results of one command id agree")
                .allSatisfy(answers -> assertThat(answers).hasSize(1));
        assertThat(ids("SELECT id FROM bookings WHERE user_id = ?"))
                .as("bookings")
                .isNotEmpty()
                .isEqualTo(accepted(CommandType.BOOK, results));
        assertThat(ids("SELECT id FROM bookings WHERE user_id = ? AND status = 'CANCELLED'"))
                .as("cancelled bookings")
                .isNotEmpty()
                .isEqualTo(accepted(CommandType.CANCEL, results));
        for (String event : events) {
            assertThat(system.count("SELECT confirmed FROM events WHERE id = ?", event))
                    .as("the counter of an event, and its rows")
                    .isEqualTo(system.count(
                            "SELECT coalesce(sum(quantity), 0) FROM bookings WHERE event_id = ? AND status = 'CONFIRMED'",
                            event));
        }
        System.out.println(positions.size() + " commands, each answered once; " + bookings() + " bookings");
    }

    private Set<UUID> ids(String query) {
        return new HashSet<>(
                system.sql().sql(query).param(user()).query(UUID.class).list());
    }

    /** The bookings that were changed by commands of this type. */
    private static Set<UUID> accepted(CommandType type, List<Result> results) {
        return results.stream()
                .filter(result -> result instanceof Accepted accepted && accepted.type() == type)
                .map(result -> result.booking().orElseThrow())
                .collect(Collectors.toSet());
    }

    @Override
    public void close() {
        clients.shutdown();
        try {
            assertThat(clients.awaitTermination(BookingSystem.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .as("clients have ended")
                    .isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
