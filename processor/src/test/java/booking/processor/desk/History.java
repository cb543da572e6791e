package booking.processor.desk;

import booking.processor.Commands;
import booking.schemas.command.Book;
import booking.schemas.command.Cancel;
import booking.schemas.command.Command;
import booking.schemas.command.CreateEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/**
 * Commands in the order of a log, and how they are polled: each poll takes some of what comes next in each partition,
 * and now and then the next one starts again further back, as after a crash.
 *
 * @param commands in the order in which they are written, with their partition
 * @param polls how each poll goes
 */
record History(List<Written> commands, List<Poll> polls) {
    static final int PARTITIONS = 2;

    record Written(int partition, Command command) {}

    /**
     * How a poll goes.
     *
     * @param most records from each partition
     * @param back how many records before the end of the last poll it starts, in each partition
     */
    record Poll(int most, int back) {}

    /** Few events, seats and users, so that they meet often. The ids are no other history's, as tables are shared. */
    static Arbitrary<History> any() {
        Arbitrary<Draft> draft = Combinators.combine(
                        Arbitraries.integers().between(0, PARTITIONS - 1),
                        Arbitraries.frequency(
                                Tuple.of(1, Kind.CREATE), Tuple.of(5, Kind.BOOK), Tuple.of(4, Kind.CANCEL)),
                        Arbitraries.integers().between(1, 4),
                        Arbitraries.of("alice", "bob"),
                        Arbitraries.integers().between(1, 4),
                        Arbitraries.longs().between(1, 4).map(OptionalLong::of).injectNull(0.9),
                        Arbitraries.frequency(
                                Tuple.of(7, Known.NEW), Tuple.of(2, Known.REPEATED), Tuple.of(1, Known.REUSED)),
                        Arbitraries.integers().between(0, 8))
                .as((partition, kind, event, user, number, version, known, back) -> new Draft(
                        partition,
                        kind,
                        event,
                        user,
                        number,
                        version == null ? OptionalLong.empty() : version,
                        known,
                        back));
        Arbitrary<Poll> poll = Combinators.combine(
                        Arbitraries.integers().between(1, 12),
                        Arbitraries.frequencyOf(
                                Tuple.of(3, Arbitraries.just(0)),
                                Tuple.of(1, Arbitraries.integers().between(1, 20))))
                .as(Poll::new);
        return Combinators.combine(
                        draft.list().ofMinSize(1).ofMaxSize(50), poll.list().ofMaxSize(20))
                .as((drafts, polls) -> new History(new Writer().write(drafts), polls));
    }

    private enum Kind {
        CREATE,
        BOOK,
        CANCEL
    }

    /** Whether the id of a command was used before. */
    private enum Known {
        NEW,
        REPEATED,
        REUSED
    }

    /**
     * The choices that a command is made of.
     *
     * @param event one of four; the fourth is created late or never
     * @param number seats, or the venue
     * @param back which of the commands before it is about, counted backwards
     */
    private record Draft(
            int partition,
            Kind kind,
            int event,
            String user,
            int number,
            OptionalLong version,
            Known known,
            int back) {}

    /** Makes commands of drafts; what a draft refers to are the commands written before it. */
    private static final class Writer {
        private final String telling = UUID.randomUUID().toString();
        private final List<Written> written = new ArrayList<>();
        private final List<Book> books = new ArrayList<>();

        List<Written> write(List<Draft> drafts) {
            for (Draft draft : drafts) {
                Command command = command(draft);
                if (command instanceof Book book) {
                    books.add(book);
                }
                written.add(new Written(draft.partition(), command));
            }
            return List.copyOf(written);
        }

        private Command command(Draft draft) {
            Optional<Command> before = back(written, draft.back()).map(Written::command);
            if (before.isEmpty() || draft.known() == Known.NEW) {
                return command(draft, UUID.randomUUID());
            }
            return draft.known() == Known.REPEATED
                    ? before.get()
                    : command(draft, before.get().commandId());
        }

        private Command command(Draft draft, UUID id) {
            // The first three are events, or there would be little to do.
            if (written.size() < 3) {
                return create(id, written.size() + 1, written.size() + 1, draft.number());
            }
            Optional<Book> booking = back(books, draft.back());
            if (draft.kind() == Kind.CANCEL && booking.isPresent()) {
                boolean ofThisEvent = draft.number() > 1;
                return new Cancel(
                        id,
                        ofThisEvent ? booking.get().eventId() : event(draft.event()),
                        booking.get().commandId(),
                        Optional.of(draft.user()).filter(user -> draft.back() % 2 == 0),
                        draft.version());
            }
            if (draft.kind() == Kind.BOOK) {
                return new Book(id, event(draft.event()), draft.user(), 1 + draft.number() / 2, draft.version());
            }
            return create(id, draft.event(), draft.number(), draft.back() + 1);
        }

        private CreateEvent create(UUID id, int event, int venue, int capacity) {
            return new CreateEvent(id, event(event), "Concert", Commands.DATE, "V" + venue + telling, capacity);
        }

        private String event(int number) {
            return "E" + number + "-" + telling;
        }

        private static <T> Optional<T> back(List<T> list, int back) {
            int index = list.size() - 1 - back;
            return index < 0 ? Optional.empty() : Optional.of(list.get(index));
        }
    }
}
