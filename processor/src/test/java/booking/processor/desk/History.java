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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
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
                                Tuple.of(1, Kind.CREATE),
                                Tuple.of(2, Kind.UPDATE),
                                Tuple.of(6, Kind.BOOK),
                                Tuple.of(6, Kind.HOLD),
                                Tuple.of(3, Kind.CONFIRM),
                                Tuple.of(5, Kind.CANCEL),
                                Tuple.of(2, Kind.EXPIRE),
                                Tuple.of(4, Kind.JOIN),
                                Tuple.of(2, Kind.LEAVE),
                                Tuple.of(3, Kind.OFFER)),
                        Arbitraries.integers().between(1, 4),
                        Arbitraries.of("alice", "bob", "carol"),
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
        UPDATE,
        BOOK,
        HOLD,
        CONFIRM,
        CANCEL,
        EXPIRE,
        JOIN,
        LEAVE,
        OFFER
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
        private final List<Command> bookings = new ArrayList<>();
        private final List<JoinWaitlist> joins = new ArrayList<>();

        List<Written> write(List<Draft> drafts) {
            for (Draft draft : drafts) {
                Command command = command(draft);
                if (command instanceof Book || command instanceof Hold) {
                    bookings.add(command);
                }
                if (command instanceof JoinWaitlist join) {
                    joins.add(join);
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
            // Mostly of the event that the command is about.
            Optional<Command> booking = back(bookings, draft.back() / 2);
            String event = booking.filter(any -> draft.number() > 1)
                    .map(Command::eventId)
                    .orElse(event(draft.event()));
            UUID bookingId = booking.map(Command::commandId).orElse(id);
            int quantity = 1 + draft.number() / 2;
            return switch (draft.kind()) {
                case CREATE -> create(id, draft.event(), draft.number(), draft.back() + 1);
                case UPDATE -> draft.back() == 8 ? close(id, draft) : update(id, draft);
                case BOOK -> new Book(id, event(draft.event()), draft.user(), quantity, draft.version());
                case HOLD ->
                    new Hold(
                            id,
                            event(draft.event()),
                            draft.user(),
                            quantity,
                            1 + draft.back() * 2,
                            Optional.empty(),
                            draft.version());
                case CONFIRM -> new Confirm(id, event, bookingId, draft.version());
                case CANCEL ->
                    new Cancel(
                            id,
                            event,
                            bookingId,
                            Optional.of(draft.user()).filter(user -> draft.back() % 2 == 0),
                            draft.version());
                case EXPIRE -> new ExpireHold(id, event, bookingId, draft.version());
                case JOIN -> new JoinWaitlist(id, event(draft.event()), draft.user(), quantity, draft.version());
                case LEAVE -> new LeaveWaitlist(id, event(draft.event()), draft.user(), 1, draft.version());
                case OFFER -> offer(id, draft);
            };
        }

        /** What the processor would write for somebody in a line, or would have written once. */
        private Command offer(UUID id, Draft draft) {
            return back(joins, draft.back() / 3)
                    .<Command>map(join -> new Hold(
                            id,
                            join.eventId(),
                            join.userId(),
                            join.quantity(),
                            1 + draft.number() * 5,
                            Optional.of(join.commandId()),
                            OptionalLong.empty()))
                    .orElseGet(() -> new JoinWaitlist(id, event(draft.event()), draft.user(), 1, draft.version()));
        }

        private Command close(UUID id, Draft draft) {
            return new CloseEvent(id, event(draft.event()), draft.version());
        }

        private Command update(UUID id, Draft draft) {
            int what = draft.back() % 4;
            return new UpdateEvent(
                    id,
                    event(draft.event()),
                    Optional.of("Recital"),
                    Optional.empty(),
                    Optional.of("V" + draft.number() + telling).filter(venue -> what == 0),
                    what == 1 ? OptionalInt.of(draft.number() + 1) : OptionalInt.empty(),
                    what == 2 ? OptionalInt.of(draft.number()) : OptionalInt.empty(),
                    Optional.of(second(draft.number() * 5)).filter(open -> what == 3 && draft.back() > 3),
                    Optional.of(second(20 + draft.number() * 10)).filter(close -> what == 3),
                    draft.version());
        }

        private static Instant second(int number) {
            return CommandLog.FIRST.plusSeconds(number);
        }

        private CreateEvent create(UUID id, int event, int venue, int capacity) {
            return new CreateEvent(
                    id,
                    event(event),
                    "Concert",
                    Commands.DATE,
                    "V" + venue + telling,
                    capacity,
                    capacity > 2 && event == 2 ? OptionalInt.of(2) : OptionalInt.empty(),
                    Optional.of(second(5)).filter(open -> event == 3),
                    Optional.of(second(45)).filter(close -> event == 3));
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
