package booking.auditor;

import booking.schemas.command.Command;
import booking.schemas.command.CommandDecoder;
import booking.schemas.command.CommandEncoder;
import booking.schemas.command.CommandType;
import booking.schemas.command.Decoded;
import booking.schemas.result.Reason;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.h2.mvstore.MVMap;

/**
 * Goes through the commands, one partition after the other in the order of offsets, and looks at what was published about
 * each.
 */
final class Walk {
    private static final String ONE_DISPOSITION = "one disposition";
    private static final String NONE = "none";
    private static final String DECIDED_ANEW = "ids decided anew, as their outcomes were no longer kept";

    private final Dispositions dispositions;
    private final Model model;
    private final Findings findings;
    private final boolean modelled;
    private final boolean moved;
    private final Instant forgottenBefore;
    private final Scratch scratch;
    private final MVMap<UUID, Known> known;
    private final RunningSums sums;
    private final MVMap<Dispositions.Source, ReuseClaim> reuseClaims;
    private final CommandDecoder decoder = new CommandDecoder();
    private final CommandEncoder encoder = new CommandEncoder();

    /** A refusal for an id that only a command of another partition can have used before. */
    private record ReuseClaim(UUID commandId, Digest command) {
        private static final ScratchType<ReuseClaim> TYPE = new ScratchType<>(
                80,
                (to, claim) -> {
                    ScratchType.putId(to, claim.commandId);
                    to.putLong(claim.command.high()).putLong(claim.command.low());
                },
                from -> new ReuseClaim(ScratchType.id(from), Digest.of(from)));
    }

    /** A record that somebody waits for the answer to. */
    private record Asked(
            int partition,
            long offset,
            Instant at,
            UUID commandId,
            String eventId,
            Optional<CommandType> type,
            Optional<Command> command,
            Digest content) {}

    /**
     * Begins.
     *
     * @param modelled whether the history is whole, so that the model can say what each result must be
     * @param moved whether commands of another set of topics were answered before
     * @param forgottenBefore outcomes of commands before this time may have been removed
     */
    Walk(
            Dispositions dispositions,
            Model model,
            RunningSums sums,
            Scratch scratch,
            Findings findings,
            boolean modelled,
            boolean moved,
            Instant forgottenBefore) {
        this.dispositions = dispositions;
        this.model = model;
        this.sums = sums;
        this.findings = findings;
        this.modelled = modelled;
        this.moved = moved;
        this.forgottenBefore = forgottenBefore;
        this.scratch = scratch;
        this.reuseClaims = scratch.map("reuse-claims", Dispositions.Source.TYPE, ReuseClaim.TYPE);
        this.known = scratch.map("known", ScratchType.UUIDS, Known.TYPE);
    }

    /** The first answers by command id. */
    MVMap<UUID, Known> known() {
        return known;
    }

    /** Takes the next record. Records of a partition are taken in the order of their offsets. */
    void take(ConsumerRecord<byte[], byte[]> record) {
        int partition = record.partition();
        long offset = record.offset();
        scratch.tick();
        findings.count(Promise.ANSWERS, "commands", 1);
        List<Disposition> published = dispositions.of(partition, offset);
        count("results", Disposition.Kind.RESULT, published);
        count("dead letters", Disposition.Kind.DEAD_LETTER, published);
        Decoded decoded = decoder.decode(record.key(), record.value());
        if (decoded instanceof Decoded.DeadLetter) {
            requireDeadLetter(record, published);
            return;
        }
        Asked asked = asked(record, decoded);
        Optional<Disposition> result = requireResult(asked, published);
        result.ifPresentOrElse(
                answer -> sums.take(
                        partition,
                        offset,
                        answer,
                        !dispositions.isSpread(asked.eventId) && isDecidedHere(answer, Optional.of(asked.at)),
                        true),
                () -> sums.lose(asked.eventId));
        checkAnswer(asked, result);
    }

    private Asked asked(ConsumerRecord<byte[], byte[]> record, Decoded decoded) {
        Instant at = Instant.ofEpochMilli(Math.max(0, record.timestamp()));
        if (decoded instanceof Decoded.Valid valid) {
            Command command = valid.command();
            return new Asked(
                    record.partition(),
                    record.offset(),
                    at,
                    command.commandId(),
                    command.eventId(),
                    Optional.of(command.type()),
                    Optional.of(command),
                    Digest.of(encoder.encode(command)));
        }
        Decoded.Refused refused = (Decoded.Refused) decoded;
        String text = "invalid " + new String(record.value(), StandardCharsets.UTF_8);
        return new Asked(
                record.partition(),
                record.offset(),
                at,
                refused.commandId(),
                refused.eventId(),
                refused.type(),
                Optional.empty(),
                Digest.of(text.getBytes(StandardCharsets.UTF_8)));
    }

    private void count(String what, Disposition.Kind kind, List<Disposition> published) {
        findings.count(
                Promise.ANSWERS,
                what,
                published.stream().filter(one -> one.kind() == kind).count());
    }

    private void requireDeadLetter(ConsumerRecord<byte[], byte[]> record, List<Disposition> published) {
        if (isPerhapsNoLongerKept(published)) {
            return;
        }
        if (published.size() != 1) {
            violation(
                    Promise.ANSWERS,
                    record.partition(),
                    record.offset(),
                    Optional.empty(),
                    ONE_DISPOSITION,
                    list(published));
            return;
        }
        Disposition only = published.get(0);
        boolean good = only.kind() == Disposition.Kind.DEAD_LETTER
                && DeadLetterContent.allowedFor(record).contains(only.content());
        if (!good) {
            violation(
                    Promise.ANSWERS,
                    record.partition(),
                    record.offset(),
                    Optional.empty(),
                    "a dead letter with the same key, bytes and headers, as nobody can be answered",
                    only.toString());
        }
    }

    private boolean isPerhapsNoLongerKept(List<Disposition> published) {
        if (!published.isEmpty() || dispositions.areComplete()) {
            return false;
        }
        for (Promise promise : Audit.FROM_THE_LOG) {
            findings.unknown(promise, "the first results or dead letters are no longer kept");
        }
        return true;
    }

    private Optional<Disposition> requireResult(Asked asked, List<Disposition> published) {
        Optional<Disposition> result =
                published.stream().filter(Disposition::isResult).findFirst();
        if (isPerhapsNoLongerKept(published)) {
            return Optional.empty();
        }
        if (published.size() != 1 || result.isEmpty()) {
            violation(
                    Promise.ANSWERS,
                    asked,
                    published.size() == 1 ? "a result, as the command can be answered" : ONE_DISPOSITION,
                    list(published));
        }
        return result;
    }

    /** Takes what was published about the first commands of a partition, which are no longer kept themselves. */
    void takeForgotten(int partition, long until) {
        Optional<Dispositions.Source> next = dispositions.nextFrom(partition, 0);
        while (next.isPresent() && next.get().offset() < until) {
            long offset = next.get().offset();
            scratch.tick();
            dispositions.published(partition, offset).stream()
                    .filter(Disposition::isResult)
                    .findFirst()
                    .ifPresent(result -> sums.take(
                            partition,
                            offset,
                            result,
                            !dispositions.isSpread(Objects.requireNonNullElse(result.field(ResultFields.EVENT_ID), ""))
                                    && isDecidedHere(result, Optional.empty()),
                            false));
            next = dispositions.nextFrom(partition, offset + 1);
        }
    }

    /**
     * Whether a result tells what came of a command that stands in this topic. What was answered in another set of topics is
     * answered the same in this one, with the position that it had there, which may be the one that it has here.
     *
     * @param at the time of the command, if it is still kept
     */
    private boolean isDecidedHere(Disposition result, Optional<Instant> at) {
        return !moved || (at.isPresent() && result.time(ResultFields.DECIDED_AT).equals(at));
    }

    /** No record of the commands topic is between these offsets: a disposition that names one was made up. */
    void requireNothingPublishedAbout(int partition, long from, long to) {
        Optional<Dispositions.Source> next = from < to ? dispositions.nextFrom(partition, from) : Optional.empty();
        while (next.isPresent() && next.get().offset() < to) {
            long offset = next.get().offset();
            violation(
                    Promise.ANSWERS,
                    partition,
                    offset,
                    Optional.empty(),
                    "no disposition, as there is no command",
                    list(dispositions.of(partition, offset)));
            next = dispositions.nextFrom(partition, offset + 1);
        }
    }

    /** Nothing can be about a record that was not there yet when all this had been published. */
    void requireNothingPublishedBeyond(Map<TopicPartition, Long> ends) {
        ends.forEach((partition, end) -> requireNothingPublishedAbout(partition.partition(), end, Long.MAX_VALUE));
    }

    private void checkAnswer(Asked asked, Optional<Disposition> result) {
        Known before = known.get(asked.commandId);
        if (before == null || (before.partition() == asked.partition && before.offset() == asked.offset)) {
            checkFirst(asked, result, Optional.ofNullable(before));
            return;
        }
        if (isOlderAndForgotten(asked, before) && result.isPresent()) {
            checkOlder(asked, result.get(), before);
            return;
        }
        boolean mayBeFirst = before.unread() && before.partition() != asked.partition;
        if (mayBeFirst && result.isPresent() && isFreshDecision(asked, result.get())) {
            claim(before.partition(), before.offset(), asked.commandId, before.command());
            checkFirst(asked, result, Optional.empty());
        } else if (result.isPresent() && isDecidedAnew(asked, before, result.get())) {
            findings.count(Promise.REPEATS, DECIDED_ANEW, 1);
            decided(asked, result);
        } else if (before.command().equals(asked.content)) {
            checkRepetition(asked, result, before);
        } else {
            checkOtherContent(asked, result);
        }
    }

    /** Whether the first command with this id was answered so long ago that its outcome may be gone, and this one got its own. */
    private boolean isDecidedAnew(Asked asked, Known before, Disposition result) {
        boolean mayBeForgotten = before.decidedAt().isBefore(forgottenBefore);
        return mayBeForgotten
                && result.names(asked.partition, asked.offset)
                && (before.command().equals(asked.content) || !isUnlookedReuse(result));
    }

    /**
     * Whether this command is on another partition and so much older that its outcome may have been gone when the one that we
     * know was decided.
     */
    private boolean isOlderAndForgotten(Asked asked, Known known) {
        return known.partition() != asked.partition
                && asked.at.isBefore(known.decidedAt())
                && asked.at.isBefore(forgottenBefore);
    }

    /** What was answered before an outcome was removed, and its id used anew on another partition, agrees with itself. */
    private void checkOlder(Asked asked, Disposition result, Known newer) {
        boolean own = result.names(asked.partition, asked.offset);
        if (own && isUnlookedReuse(result)) {
            checkOtherContent(asked, Optional.of(result));
        } else if (own) {
            findings.count(Promise.REPEATS, DECIDED_ANEW, 1);
            compareWithModel(asked, Optional.of(result));
        } else if (isFirstOf(result)) {
            findings.count(Promise.REPEATS, "repetitions", 1);
        } else {
            checkRepetition(asked, Optional.of(result), newer);
        }
    }

    /** Whether the same was published about the command that this repetition of a result names as the first. */
    private boolean isFirstOf(Disposition result) {
        return result.position().stream()
                .flatMap(first -> dispositions.published(first.partition(), first.offset()).stream())
                .anyMatch(first -> first.isResult() && first.content().equals(result.content()));
    }

    private static boolean isUnlookedReuse(Disposition result) {
        return result.field(ResultFields.VERSION) == null && result.isRefusedFor(Reason.COMMAND_ID_REUSED.name());
    }

    private static boolean isFreshDecision(Asked asked, Disposition result) {
        return result.names(asked.partition, asked.offset)
                && !result.isRefusedFor(Reason.COMMAND_ID_REUSED.name())
                && asked.command.isPresent();
    }

    private void checkFirst(Asked asked, Optional<Disposition> result, Optional<Known> repeatedBefore) {
        if (result.isPresent() && repeatedBefore.isEmpty() && belongsToAnotherPartition(asked, result.get())) {
            return;
        }
        if (result.isPresent()
                && repeatedBefore.isPresent()
                && !(repeatedBefore.get().command().equals(asked.content)
                        && repeatedBefore.get().result().equals(result.get().content()))) {
            violation(
                    Promise.REPEATS,
                    asked,
                    "the result that a repetition of this command got on another partition",
                    result.get().toString());
        }
        findings.count(Promise.REPEATS, "command ids", 1);
        decided(asked, result);
    }

    /** Keeps the answer, and compares it with what the model says. */
    private void decided(Asked asked, Optional<Disposition> result) {
        known.put(
                asked.commandId,
                new Known(
                        asked.partition,
                        asked.offset,
                        asked.content,
                        result.map(Disposition::content).orElse(Digest.NONE),
                        decidedAt(asked, result),
                        true,
                        asked.command.isEmpty()));
        compareWithModel(asked, result);
    }

    /** The answer to a repetition has the time of the first command, which may no longer be kept. */
    private Instant decidedAt(Asked asked, Optional<Disposition> result) {
        return result.filter(answer ->
                        !answer.names(asked.partition, asked.offset) || !isDecidedHere(answer, Optional.of(asked.at)))
                .flatMap(answer -> answer.time(ResultFields.DECIDED_AT))
                .orElse(asked.at);
    }

    private void compareWithModel(Asked asked, Optional<Disposition> result) {
        if (!modelled) {
            return;
        }
        if (asked.command.isEmpty()) {
            compare(Promise.ORDER, asked, refused(asked, Reason.INVALID_COMMAND), result);
        } else if (!dispositions.isSpread(asked.eventId)) {
            compare(
                    Promise.ORDER,
                    asked,
                    model.decide(asked.partition, asked.offset, asked.command.get(), asked.at, result),
                    result);
        }
    }

    /** Whether the answer says that a command of another partition was the first with this id; that is looked at later. */
    private boolean belongsToAnotherPartition(Asked asked, Disposition result) {
        if (isUnlookedReuse(result) && result.names(asked.partition, asked.offset)) {
            claim(asked.partition, asked.offset, asked.commandId, asked.content);
            if (modelled) {
                compare(Promise.ORDER, asked, refused(asked, Reason.COMMAND_ID_REUSED), Optional.of(result));
            }
            return true;
        }
        if (Integer.toString(asked.partition).equals(result.field(ResultFields.PARTITION))) {
            return false;
        }
        long partition = result.number(ResultFields.PARTITION);
        long offset = result.number(ResultFields.OFFSET);
        findings.count(Promise.REPEATS, "repetitions", 1);
        known.put(
                asked.commandId,
                new Known(
                        (int) partition,
                        offset,
                        asked.content,
                        result.content(),
                        decidedAt(asked, Optional.of(result)),
                        false,
                        false));
        return true;
    }

    private void checkRepetition(Asked asked, Optional<Disposition> result, Known before) {
        findings.count(Promise.REPEATS, "repetitions", 1);
        if (result.isEmpty() || result.get().content().equals(before.result())) {
            return;
        }
        if (before.result().equals(Digest.NONE)) {
            // What was published first is missing, which was noted then; but from here on all must agree.
            known.put(asked.commandId, before.withResult(result.get().content()));
            return;
        }
        Difference difference = dispositions.of(before.partition(), before.offset()).stream()
                .filter(Disposition::isResult)
                .findFirst()
                .map(first -> Difference.between(first.fields(), result.get().fields()))
                .orElse(new Difference("", ""));
        violation(
                Promise.REPEATS,
                asked,
                "the result of " + before.partition() + "-" + before.offset() + " again: " + difference.expected(),
                difference.found());
    }

    private void checkOtherContent(Asked asked, Optional<Disposition> result) {
        findings.count(Promise.REPEATS, "ids used again", 1);
        Reason reason = asked.command.isEmpty() ? Reason.INVALID_COMMAND : Reason.COMMAND_ID_REUSED;
        compare(Promise.REPEATS, asked, refused(asked, reason), result);
    }

    private void claim(int partition, long offset, UUID commandId, Digest command) {
        reuseClaims.put(new Dispositions.Source(partition, offset, 0), new ReuseClaim(commandId, command));
    }

    /** A refusal for which nothing was looked at. */
    private static Map<String, String> refused(Asked asked, Reason reason) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put(ResultFields.KEY, asked.eventId);
        asked.type.ifPresent(type -> fields.put(ResultFields.TYPE, type.wireName()));
        fields.put(ResultFields.COMMAND_ID, asked.commandId.toString());
        fields.put(ResultFields.EVENT_ID, asked.eventId);
        fields.put(ResultFields.OUTCOME, "REJECTED");
        fields.put(ResultFields.REASON, reason.name());
        fields.put(ResultFields.PARTITION, Integer.toString(asked.partition));
        fields.put(ResultFields.OFFSET, Long.toString(asked.offset));
        fields.put(ResultFields.DECIDED_AT, asked.at.toString());
        asked.command.ifPresent(command -> Model.askedInto(fields, command));
        return fields;
    }

    private void compare(Promise promise, Asked asked, Map<String, String> expected, Optional<Disposition> result) {
        if (result.isEmpty()) {
            return;
        }
        findings.count(promise, "results compared", 1);
        Difference difference = Difference.between(expected, result.get().fields());
        if (!difference.isEmpty()) {
            violation(promise, asked, difference.expected(), difference.found());
        }
    }

    /**
     * Looks at what could only be looked at when all commands were seen.
     *
     * @param partitions how many there are
     */
    void finish(int partitions) {
        Optional<Dispositions.Source> made = dispositions.nextFrom(partitions);
        made.ifPresent(source -> violation(
                Promise.ANSWERS,
                source.partition(),
                source.offset(),
                Optional.empty(),
                "no disposition, as there is no such partition",
                list(dispositions.of(source.partition(), source.offset()))));
        if (!modelled) {
            return;
        }
        reuseClaims.forEach((source, claim) -> {
            Known first = known.get(claim.commandId);
            if (first == null || first.command().equals(claim.command)) {
                violation(
                        Promise.REPEATS,
                        source.partition(),
                        source.offset(),
                        Optional.of(claim.commandId),
                        "a decision, as no other command had this id",
                        Reason.COMMAND_ID_REUSED.name());
            }
        });
        known.forEach((commandId, first) -> {
            if (!first.seen()) {
                violation(
                        Promise.REPEATS,
                        first.partition(),
                        first.offset(),
                        Optional.of(commandId),
                        "the command, as a repetition of it was answered",
                        "another record or none");
            }
        });
        // Events that are spread over partitions are not in the model, and one of them may have had the slot or the id.
        if (dispositions.spreadEvents() == 0) {
            model.forEachUnfoundedReuse((source, commandId) -> violation(
                    Promise.ORDER,
                    source.partition(),
                    source.offset(),
                    Optional.of(commandId),
                    "a decision, as no booking has this id",
                    Reason.COMMAND_ID_REUSED.name()));
            model.forEachUnfoundedSlotClaim((source, claim) -> violation(
                    Promise.ORDER,
                    source.partition(),
                    source.offset(),
                    Optional.of(claim.commandId()),
                    "no refusal, as no other event ever had this venue and date",
                    Reason.TIME_SLOT_TAKEN.name()));
        }
        if (model.concessions() > 0) {
            findings.count(Promise.ORDER, "refused as another writer was at work", model.concessions());
        }
    }

    private void violation(Promise promise, Asked asked, String expected, String found) {
        violation(promise, asked.partition, asked.offset, Optional.of(asked.commandId), expected, found);
    }

    private void violation(
            Promise promise, int partition, long offset, Optional<UUID> commandId, String expected, String found) {
        findings.violation(promise, Offender.at(partition, offset, commandId, expected, found));
    }

    private static String list(List<Disposition> published) {
        return published.isEmpty()
                ? NONE
                : String.join(
                        ", ", published.stream().map(Disposition::toString).toList());
    }
}
