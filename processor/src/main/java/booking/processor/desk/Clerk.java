package booking.processor.desk;

import booking.processor.decision.BookingRules;
import booking.processor.decision.Change;
import booking.processor.decision.Decision;
import booking.processor.decision.Event;
import booking.processor.decision.RunOutHolds;
import booking.processor.store.StoredOutcome;
import booking.schemas.result.Reason;
import booking.schemas.result.Result;
import booking.schemas.result.ResultEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Answers commands one after the other, each on what the one before left in the ledger. It knows nothing but the
 * ledger: what was loaded decides the answers.
 */
final class Clerk {
    private static final ResultEncoder ENCODER = new ResultEncoder();

    private final Ledger ledger;
    private final Map<Integer, Long> progress;
    private final Concessions concessions;
    private final Map<Integer, Map<String, Event>> changedEvents = new HashMap<>();
    private final Map<Integer, Set<String>> replayedEvents = new HashMap<>();

    /** @param progress for each partition the first offset that was not decided before */
    Clerk(Ledger ledger, Map<Integer, Long> progress, Concessions concessions) {
        this.ledger = ledger;
        this.progress = progress;
        this.concessions = concessions;
    }

    /** The events that the commands of each partition changed, as they are after the last of them. */
    Map<Integer, Map<String, Event>> changedEvents() {
        return changedEvents;
    }

    /** Events whose change was saved before but perhaps never published, by partition. */
    Map<Integer, Set<String>> replayedEvents() {
        return replayedEvents;
    }

    /**
     * Answers one record, and notes in the ledger what has to be saved.
     *
     * @param refusal what to answer instead of asking the rules
     */
    Answered answer(Incoming incoming, Optional<Decision.Reject> refusal) {
        int partition = incoming.position().partition();
        long decidedUpTo = progress.getOrDefault(partition, 0L);
        boolean decidedBefore = incoming.position().offset() < decidedUpTo;
        if (incoming instanceof Incoming.Unanswerable unanswerable) {
            return new Answered(
                    new Answer.DeadLetter(unanswerable.deadLetter()),
                    decidedBefore ? Occasion.REPLAYED : Occasion.DEAD_LETTER);
        }
        Incoming.Answerable command = (Incoming.Answerable) incoming;
        Optional<StoredOutcome> known = ledger.outcome(command.commandId());
        if (known.isPresent()) {
            if (decidedBefore) {
                replayedEvents
                        .computeIfAbsent(partition, none -> new HashSet<>())
                        .add(command.eventId());
            }
            return repeat(command, known.get(), decidedBefore);
        }
        if (decidedBefore) {
            return new Answered(new Answer.Forgotten(command.commandId(), decidedUpTo), Occasion.REPLAYED);
        }
        Decision decision = refusal.<Decision>map(reject -> reject).orElseGet(() -> decide(command));
        if (decision instanceof Decision.Accept accept) {
            carryOut(accept.change(), partition);
        }
        Answer.Result answer = answer(command, Results.of(command, decision, ledger));
        ledger.add(command.commandId(), new StoredOutcome(command.fingerprint(), answer.decidedAt(), answer.json()));
        return new Answered(
                answer,
                decision instanceof Decision.Reject reject ? Occasion.refused(reject.reason()) : Occasion.ACCEPTED);
    }

    private Decision decide(Incoming.Answerable command) {
        if (command instanceof Incoming.Invalid invalid) {
            return new Decision.Reject(Reason.INVALID_COMMAND, invalid.detail());
        }
        if (concessions.isGivenUp(command.eventId())) {
            return new Decision.Reject(
                    Reason.VERSION_CONFLICT, "another writer was changing the event; look at it, and ask again");
        }
        endRunOutHolds(command);
        return BookingRules.decide(((Incoming.Valid) command).command(), ledger, command.at());
    }

    private void endRunOutHolds(Incoming.Answerable command) {
        Optional<Change> end = RunOutHolds.end(command.eventId(), ledger, command.at());
        while (end.isPresent()) {
            carryOut(end.get(), command.position().partition());
            end = RunOutHolds.end(command.eventId(), ledger, command.at());
        }
    }

    private void carryOut(Change change, int partition) {
        ledger.apply(change);
        changedEvents
                .computeIfAbsent(partition, none -> new LinkedHashMap<>())
                .put(change.event().id(), change.event());
    }

    /** Answers a command whose id is known: the same content gets the same answer, another one is told so. */
    private static Answered repeat(Incoming.Answerable command, StoredOutcome known, boolean decidedBefore) {
        if (known.fingerprint().equals(command.fingerprint())) {
            return new Answered(
                    new Answer.Result(
                            command.commandId(), command.eventId(), command.type(), known.decidedAt(), known.result()),
                    decidedBefore ? Occasion.REPLAYED : Occasion.REPEATED);
        }
        // Neither answer depends on anything but the command and the known outcome, so they need not be stored.
        Decision.Reject reject = command instanceof Incoming.Invalid invalid
                ? new Decision.Reject(Reason.INVALID_COMMAND, invalid.detail())
                : new Decision.Reject(
                        Reason.COMMAND_ID_REUSED, "a command with this id and another content was answered before");
        return new Answered(
                answer(command, Results.withoutEvent(command, reject)),
                decidedBefore ? Occasion.REPLAYED : Occasion.refused(reject.reason()));
    }

    private static Answer.Result answer(Incoming.Answerable command, Result result) {
        return new Answer.Result(
                command.commandId(),
                command.eventId(),
                command.type(),
                result.decidedAt(),
                new String(ENCODER.encode(result), StandardCharsets.UTF_8));
    }
}
