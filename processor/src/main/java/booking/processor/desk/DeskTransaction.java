package booking.processor.desk;

import booking.processor.decision.Decision;
import booking.processor.decision.Event;
import booking.processor.decision.Slot;
import booking.processor.decision.Waiting;
import booking.processor.desk.StepTimes.Step;
import booking.processor.store.BookingStore;
import booking.processor.store.DatabaseFailure;
import booking.processor.store.Loaded;
import booking.processor.store.Locking;
import booking.processor.store.StoredOutcome;
import booking.processor.store.UserAtEvent;
import booking.processor.store.Wanted;
import booking.schemas.availability.Availability;
import booking.schemas.result.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.springframework.transaction.TransactionStatus;

/** What happens to a poll inside its transaction: fence, look back, load, decide, save. Used once. */
final class DeskTransaction {
    /** Looking for the culprit means to run into it again and again. */
    private static final Duration CULPRITS_LOCK_WAIT = Duration.ofMillis(200);

    private final BookingStore store;
    private final Locking locking;
    private final UUID topicId;
    private final CommittedProgress committed;
    private final Concessions concessions;
    private final TransactionStatus status;
    private final StepTimes times;

    private SortedMap<Integer, Long> progress = new TreeMap<>();
    private final List<Answered> answers = new ArrayList<>();

    /** The events that the commands of each partition changed, as they are after the last of them. */
    private final Map<Integer, Map<String, Event>> changedEvents = new HashMap<>();

    /** Events whose change was saved before but perhaps never published. */
    private final Map<Integer, Set<String>> replayedEvents = new HashMap<>();

    DeskTransaction(
            BookingStore store,
            Locking locking,
            UUID topicId,
            CommittedProgress committed,
            Concessions concessions,
            TransactionStatus status,
            StepTimes times) {
        this.store = store;
        this.locking = locking;
        this.topicId = topicId;
        this.committed = committed;
        this.concessions = concessions;
        this.status = status;
        this.times = times;
    }

    Map<Integer, BatchAnswers> decide(List<CommandBatch> batches, List<Incoming> commands) {
        Map<Integer, Long> nextOffsets = Desk.nextOffsets(batches);
        // The fence comes first: while we wait for it, an instance that lost the partition may still commit these very
        // commands, and we want to see its outcomes rather than decide again.
        progress = times.time(Step.FENCE, () -> passFence(nextOffsets.keySet()));
        committed.requireKept(progress, batches);
        if (concessions.isSeekingCulprit()) {
            store.waitForLocksAtMost(CULPRITS_LOCK_WAIT);
            decideAround(commands);
        } else {
            decideTogether(commands, Optional.empty());
        }
        times.time(Step.SAVE, () -> store.moveProgress(topicId, nextOffsets));
        return byPartition(batches);
    }

    private SortedMap<Integer, Long> passFence(Set<Integer> partitions) {
        try {
            return store.lockProgress(topicId, partitions);
        } catch (RuntimeException failure) {
            throw DatabaseFailure.of(failure).isLockWait() ? new FenceException(failure) : failure;
        }
    }

    /**
     * Decides commands so that one which the tables refuse, which waits for another writer, or which makes the tables
     * work for too long, is refused alone, and its neighbours are decided.
     */
    private void decideAround(List<Incoming> commands) {
        Object savepoint = status.createSavepoint();
        int answered = answers.size();
        try {
            decideTogether(commands, Optional.empty());
            status.releaseSavepoint(savepoint);
        } catch (RuntimeException failure) {
            DatabaseFailure cause = DatabaseFailure.of(failure);
            if (cause.kind() != DatabaseFailure.Kind.CAUSED_BY_A_COMMAND
                    && !cause.isLockWait()
                    && !cause.isOutOfTime()) {
                throw failure;
            }
            status.rollbackToSavepoint(savepoint);
            answers.subList(answered, answers.size()).clear();
            if (commands.size() == 1) {
                decideTogether(commands, Optional.of(refusal(cause)));
            } else {
                int half = commands.size() / 2;
                decideAround(commands.subList(0, half));
                decideAround(commands.subList(half, commands.size()));
            }
        }
    }

    private static Decision.Reject refusal(DatabaseFailure cause) {
        if (cause.isLockWait()) {
            return new Decision.Reject(
                    Reason.VERSION_CONFLICT,
                    "another writer was changing what the command is about; look at it, and ask again");
        }
        if (cause.isOutOfTime()) {
            return new Decision.Reject(Reason.VERSION_CONFLICT, "the tables would have to work for too long");
        }
        return switch (cause.constraint().orElse("")) {
            case "bookings_pkey" ->
                new Decision.Reject(Reason.COMMAND_ID_REUSED, "a command with this id has made a booking long ago");
            case "events_pkey" -> new Decision.Reject(Reason.EVENT_EXISTS, "there is an event with this id already");
            case "events_venue_and_date_are_free" ->
                new Decision.Reject(Reason.TIME_SLOT_TAKEN, "another event has this venue at this date already");
            case "bookings_one_place_is_sold_once" ->
                new Decision.Reject(Reason.ALREADY_BOOKED, "the event's one place is taken");
            default ->
                new Decision.Reject(
                        Reason.VERSION_CONFLICT,
                        "the tables do not allow it (SQLSTATE " + cause.sqlState()
                                + cause.constraint()
                                        .map(name -> ", constraint " + name)
                                        .orElse("") + ")");
        };
    }

    /**
     * Decides commands in their order, each on what the one before left, and saves all they change at once.
     *
     * @param refusal what to answer instead of asking the rules
     */
    private void decideTogether(List<Incoming> commands, Optional<Decision.Reject> refusal) {
        Ledger ledger = load(commands);
        Clerk clerk = new Clerk(ledger, progress, concessions);
        times.time(Step.DECIDE, () -> commands.forEach(command -> answers.add(clerk.answer(command, refusal))));
        times.time(Step.SAVE, () -> store.save(ledger.changes()));
        clerk.changedEvents()
                .forEach((partition, events) -> changedEvents
                        .computeIfAbsent(partition, none -> new LinkedHashMap<>())
                        .putAll(events));
        clerk.replayedEvents()
                .forEach((partition, events) -> replayedEvents
                        .computeIfAbsent(partition, none -> new HashSet<>())
                        .addAll(events));
    }

    private Ledger load(List<Incoming> commands) {
        Set<UUID> commandIds = new HashSet<>();
        for (Incoming command : commands) {
            if (command instanceof Incoming.Answerable answerable) {
                commandIds.add(answerable.commandId());
            }
        }
        Map<UUID, StoredOutcome> outcomes = times.time(Step.LOOK_BACK, () -> store.outcomes(commandIds));
        return times.time(Step.LOAD, () -> load(commands, outcomes));
    }

    private Ledger load(List<Incoming> commands, Map<UUID, StoredOutcome> outcomes) {
        Wanted wanted = new Wanted();
        Wanted givenUp = new Wanted();
        for (Incoming command : commands) {
            if (command instanceof Incoming.Valid valid && !outcomes.containsKey(valid.commandId())) {
                (concessions.isGivenUp(valid.eventId()) ? givenUp : wanted).add(valid.command(), valid.at());
            }
        }
        Loaded loaded = store.load(wanted, locking);
        // For what is shown in the refusals; without waiting for whoever keeps them locked.
        loaded.events().putAll(store.events(givenUp.events(), Locking.OPTIMISTIC));
        return new Ledger(loaded, outcomes, new LookUp(store));
    }

    /** Reads in this transaction what the ledger is asked for and does not have. */
    private record LookUp(BookingStore store) implements Ledger.LookUp {

        @Override
        public Optional<String> eventAt(Slot slot) {
            return store.eventsAt(Set.of(slot)).getOrDefault(slot, Optional.empty());
        }

        @Override
        public List<Waiting> line(String eventId) {
            return store.line(eventId);
        }

        @Override
        public Map<UserAtEvent, Long> seats(Collection<UserAtEvent> users) {
            return store.seats(users);
        }
    }

    private Map<Integer, BatchAnswers> byPartition(List<CommandBatch> batches) {
        Map<Integer, BatchAnswers> byPartition = new HashMap<>();
        int from = 0;
        for (CommandBatch batch : batches) {
            int to = from + batch.records().size();
            byPartition.put(
                    batch.partition(), BatchAnswers.of(answers.subList(from, to), availability(batch.partition())));
            from = to;
        }
        return byPartition;
    }

    private List<Availability> availability(int partition) {
        Map<String, Event> events =
                new HashMap<>(store.events(replayedEvents.getOrDefault(partition, Set.of()), Locking.OPTIMISTIC));
        events.putAll(changedEvents.getOrDefault(partition, Map.of()));
        return events.values().stream().map(Event::availability).toList();
    }
}
