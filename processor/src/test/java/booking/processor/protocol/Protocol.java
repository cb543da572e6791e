package booking.processor.protocol;

import booking.processor.protocol.Writer.Decided;
import booking.processor.protocol.Writer.Publication;
import booking.processor.protocol.Writer.Read;
import booking.processor.protocol.Writer.Session;
import java.util.ArrayList;
import java.util.List;

/**
 * What two writers, the database and the brokers can do. One command is one step, one request to a server is one step, and
 * between any two of them everything else may happen: a zombie is a writer that makes no step for a while.
 */
final class Protocol {
    /** The commands of one partition, by their ids: the third repeats the first. */
    static final String COMMANDS = "ABA";

    static final int IDS = 2;

    private static final List<Step> STEPS = List.of(
            Step.FENCE,
            Step.LOOK_BACK,
            Step.DECIDE,
            Step.SAVE,
            Step.MOVE_PROGRESS,
            Step.DATABASE_COMMIT,
            Step.FORWARD,
            Step.POLL);

    private static final List<Step> FENCE_AFTER_LOOK_BACK = List.of(
            Step.LOOK_BACK,
            Step.FENCE,
            Step.DECIDE,
            Step.SAVE,
            Step.MOVE_PROGRESS,
            Step.DATABASE_COMMIT,
            Step.FORWARD,
            Step.POLL);

    private static final List<Step> FORWARDED_BEFORE_DATABASE_COMMIT = List.of(
            Step.FENCE,
            Step.LOOK_BACK,
            Step.DECIDE,
            Step.SAVE,
            Step.MOVE_PROGRESS,
            Step.FORWARD,
            Step.SEND_OFFSET,
            Step.KAFKA_COMMIT,
            Step.DATABASE_COMMIT,
            Step.POLL);

    private final Defect defect;
    private final List<Step> steps;

    Protocol(Defect defect) {
        this.defect = defect;
        this.steps = switch (defect) {
            case FENCE_AFTER_LOOK_BACK -> FENCE_AFTER_LOOK_BACK;
            case FORWARDED_BEFORE_DATABASE_COMMIT -> FORWARDED_BEFORE_DATABASE_COMMIT;
            default -> STEPS;
        };
    }

    static int id(int offset) {
        return COMMANDS.charAt(offset) - 'A';
    }

    /** All that can happen next. */
    List<Move> moves(State state) {
        List<Move> moves = new ArrayList<>();
        for (int index = 0; index < state.writers().size(); index++) {
            new Turn(state, index, moves).addAll();
        }
        return moves;
    }

    private Step after(Step step) {
        int at = steps.indexOf(step);
        return at < 0 || at + 1 == steps.size() ? Step.POLL : steps.get(at + 1);
    }

    /** What one writer, and the servers with it, can do in one state. */
    private final class Turn {
        private final State state;
        private final int index;
        private final Writer writer;
        private final Writer other;
        private final List<Move> moves;

        Turn(State state, int index, List<Move> moves) {
            this.state = state;
            this.index = index;
            this.writer = state.writers().get(index);
            this.other = state.writers().get(1 - index);
            this.moves = moves;
        }

        void addAll() {
            switch (writer.next()) {
                case JOIN -> join();
                case FETCH_OFFSET -> fetchOffset();
                case POLL -> poll();
                case FENCE -> fence();
                case LOOK_BACK -> lookBack();
                case DECIDE -> decide();
                case SAVE -> save();
                case MOVE_PROGRESS -> moveProgress();
                case DATABASE_COMMIT -> databaseCommit();
                case FORWARD -> forward();
                case SEND_OFFSET -> sendOffset();
                case KAFKA_COMMIT -> kafkaCommit();
            }
            if (writer.next() != Step.JOIN) {
                // Its database session and its Kafka transaction end a little later. Until then they hold others up, as
                // they do when it crashes a little later; so this is the same.
                fault("crash", state.with(index, Writer.OUT));
            }
            if (writer.session() == Session.OPEN || writer.session() == Session.FENCED) {
                fault("session ended", state.with(index, writer.in(Session.ENDED)));
            }
            if (writer.publication().open() && !writer.publication().aborted()) {
                fault("Kafka transaction timed out", state.with(index, writer.having(Publication.ABORTED)));
            }
        }

        private void join() {
            State joined = state.with(1 - index, other.owning(false)).with(index, Writer.joined());
            if (other.owner()) {
                fault("rebalance", joined);
            } else {
                step("join", joined);
            }
        }

        private void fetchOffset() {
            if (defect == Defect.OFFSET_FETCHED_WHILE_UNSTABLE
                    || !other.publication().holdsBackOffsets()) {
                int offset = state.kafka().offset();
                step("fetch offset", writer.holding(offset, offset).to(Step.POLL));
            }
        }

        private void poll() {
            // One that has lost the partition may poll on, until it is told.
            for (int end = writer.position() + 1; end <= COMMANDS.length(); end++) {
                step("poll", writer.holding(writer.position(), end).to(steps.get(0)));
            }
            if (writer.publication().open()) {
                sendOffset();
            }
            if (!writer.owner()) {
                step("is told that the partition is lost", Writer.OUT);
            }
        }

        private void fence() {
            if (writer.session() == Session.ENDED) {
                retry();
            } else if (defect == Defect.NO_FENCE) {
                step("no fence", writer.in(Session.OPEN).to(after(Step.FENCE)));
            } else if (defect == Defect.FENCE_DOES_NOT_LOCK || other.session() != Session.FENCED) {
                Session session = defect == Defect.FENCE_DOES_NOT_LOCK ? Session.OPEN : Session.FENCED;
                int progress = state.database().progress();
                step(
                        "fence",
                        writer.in(session)
                                .having(new Read(
                                        progress,
                                        writer.read().outcomes(),
                                        writer.read().version()))
                                .to(after(Step.FENCE)));
            }
        }

        private void lookBack() {
            if (writer.session() == Session.ENDED) {
                retry();
                return;
            }
            String outcomes = defect == Defect.NO_LOOK_BACK
                    ? Row.empty(IDS)
                    : state.database().outcomes();
            step(
                    "look back and load",
                    writer.in(writer.session() == Session.NONE ? Session.OPEN : writer.session())
                            .having(new Read(
                                    writer.read().fence(),
                                    outcomes,
                                    state.database().version()))
                            .to(after(Step.LOOK_BACK)));
        }

        private void decide() {
            Read read = writer.read();
            String answers = Decided.NOTHING.answers();
            String outcomes = Decided.NOTHING.outcomes();
            int version = read.version();
            for (int offset = writer.position(); offset < writer.end(); offset++) {
                int id = id(offset);
                char known =
                        read.outcomes().charAt(id) != Row.NONE ? read.outcomes().charAt(id) : outcomes.charAt(id);
                if (known == Row.NONE && offset < read.fence()) {
                    known = Row.FORGOTTEN;
                } else if (known == Row.NONE) {
                    version++;
                    known = (char) ('0' + version);
                    outcomes = Row.with(outcomes, id, known);
                }
                answers = Row.with(answers, offset, known);
            }
            step(
                    "decide",
                    writer.having(Read.NOTHING)
                            .having(new Decided(answers, outcomes))
                            .to(after(Step.DECIDE)));
        }

        private void save() {
            if (writer.session() == Session.ENDED) {
                retry();
            } else {
                step("save", writer.to(after(Step.SAVE)));
            }
        }

        private void moveProgress() {
            if (writer.session() == Session.ENDED) {
                retry();
                return;
            }
            State moved = state.with(index, writer.to(after(Step.MOVE_PROGRESS)));
            step(
                    "move progress",
                    defect == Defect.PROGRESS_MOVED_IN_ANOTHER_TRANSACTION
                            ? moved.with(state.database().moved(writer.end()))
                            : moved);
        }

        private void databaseCommit() {
            if (writer.session() == Session.ENDED) {
                retry();
                return;
            }
            Database database =
                    state.database().saved(writer.decided().outcomes()).moved(writer.end());
            State committed = state.with(database);
            Writer decided = writer.in(Session.NONE)
                    .having(new Decided(writer.decided().answers(), Decided.NOTHING.outcomes()))
                    .to(after(Step.DATABASE_COMMIT));
            step("database commit", committed.with(index, decided));
            // The writer cannot tell these apart.
            Writer unsure = writer.retrying(steps.get(0));
            fault("database commit, reply lost", committed.with(index, unsure));
            fault("database commit lost", state.with(index, unsure));
        }

        private void forward() {
            if (writer.publication().aborted()) {
                step("forwarding is refused", Writer.OUT);
                return;
            }
            int offset = writer.position();
            char answer = writer.decided().answers().charAt(offset);
            Publication begun = new Publication(
                    true, writer.publication().results(), writer.publication().offset(), false);
            Writer forwarded = writer.having(begun).holding(offset + 1, writer.end());
            if (offset + 1 == writer.end()) {
                forwarded = forwarded.having(Decided.NOTHING).to(after(Step.FORWARD));
                if (defect == Defect.FORWARDED_BEFORE_DATABASE_COMMIT) {
                    forwarded = forwarded.having(writer.decided());
                }
            }
            if (answer == Row.FORGOTTEN) {
                step("forward nothing", forwarded);
            } else if (defect == Defect.FORWARDED_OUTSIDE_THE_KAFKA_TRANSACTION) {
                String result = Row.with(Decided.NOTHING.answers(), offset, answer);
                step("forward", state.with(index, forwarded).with(state.kafka().published(result)));
            } else {
                step(
                        "forward",
                        forwarded.having(new Publication(
                                true, Row.with(begun.results(), offset, answer), begun.offset(), false)));
            }
        }

        private void sendOffset() {
            // The brokers know the generation, and take no offset of an earlier one.
            boolean fenced = !writer.owner() && defect != Defect.BROKERS_DO_NOT_FENCE;
            if (fenced || writer.publication().aborted()) {
                step("the offset is refused", Writer.OUT);
                return;
            }
            step(
                    "send offset",
                    writer.having(new Publication(true, writer.publication().results(), writer.position(), false))
                            .to(Step.KAFKA_COMMIT));
        }

        private void kafkaCommit() {
            if (writer.publication().aborted()) {
                step("Kafka commit is refused", Writer.OUT);
                return;
            }
            Kafka results = state.kafka().published(writer.publication().results());
            State committed = state.with(results.at(writer.publication().offset()));
            if (defect == Defect.OFFSET_OUTSIDE_THE_KAFKA_TRANSACTION) {
                fault(
                        "Kafka commit, crash before the offset",
                        state.with(results).with(index, Writer.OUT));
            }
            step(
                    "Kafka commit",
                    committed.with(index, writer.having(Publication.NONE).to(after(Step.KAFKA_COMMIT))));
            // The writer cannot tell these apart: its thread ends, and another one takes part anew.
            fault("Kafka commit, reply lost", committed.with(index, Writer.OUT));
            fault("Kafka commit lost", state.with(index, Writer.OUT));
        }

        private void retry() {
            step("session has ended, again", writer.retrying(steps.get(0)));
        }

        private void step(String name, Writer then) {
            step(name, state.with(index, then));
        }

        private void step(String name, State to) {
            moves.add(new Move(named(name), false, to));
        }

        private void fault(String name, State to) {
            moves.add(new Move(named(name), true, to));
        }

        private String named(String name) {
            return "writer " + (index + 1) + ": " + name;
        }
    }
}
