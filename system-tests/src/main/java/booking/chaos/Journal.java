package booking.chaos;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/** What clients wrote down for themselves: which commands Kafka acknowledged, and what HTTP answered. */
final class Journal {
    private final Map<Integer, TreeMap<Long, Long>> acknowledged = new HashMap<>();
    private final List<Answer> answers = new ArrayList<>();
    private final Set<UUID> taken = new HashSet<>();
    private final List<String> badAnswers = new ArrayList<>();
    private long acknowledgements;
    private long answerCount;

    /** A command that Kafka acknowledged; {@code sentAt} in nanoseconds. */
    synchronized void acknowledged(int partition, long offset, long sentAt) {
        acknowledgements++;
        acknowledged.computeIfAbsent(partition, none -> new TreeMap<>()).put(offset, sentAt);
    }

    /** A command that HTTP answered with 202, and where it said that it is. */
    synchronized void taken(UUID commandId, int partition, long offset, long askedAt) {
        acknowledged(partition, offset, askedAt);
        taken.add(commandId);
    }

    /** Those that HTTP answered with 202. */
    synchronized Set<UUID> taken() {
        return Set.copyOf(taken);
    }

    /** A decision that HTTP answered with. */
    synchronized void answered(UUID commandId, Outcome outcome) {
        answerCount++;
        answers.add(new Answer(commandId, outcome));
    }

    /** What a client was told. */
    record Answer(UUID commandId, Outcome outcome) {}

    /** An answer that must not be. */
    synchronized void badAnswer(UUID commandId, String what) {
        badAnswers.add("HTTP answered " + commandId + " with " + what);
    }

    /** The offset after the last that was acknowledged, for each partition that has any. */
    synchronized Map<Integer, Long> ends() {
        Map<Integer, Long> ends = new HashMap<>();
        acknowledged.forEach((partition, offsets) -> ends.put(partition, offsets.lastKey() + 1));
        return ends;
    }

    /** When the command there was sent, if it was acknowledged. */
    synchronized OptionalLong sentAt(int partition, long offset) {
        Long sentAt = acknowledged.getOrDefault(partition, new TreeMap<>()).get(offset);
        return sentAt == null ? OptionalLong.empty() : OptionalLong.of(sentAt);
    }

    /** How many commands were acknowledged. */
    synchronized long acknowledgements() {
        return acknowledgements;
    }

    /** Forgets what was acknowledged and answered so far, but for where each partition ended. */
    synchronized void forget() {
        answers.clear();
        taken.clear();
        acknowledged
                .values()
                .forEach(offsets -> offsets.headMap(offsets.lastKey()).clear());
    }

    /** Those that were acknowledged, by partition. */
    synchronized Map<Integer, List<Long>> offsets() {
        Map<Integer, List<Long>> offsets = new HashMap<>();
        acknowledged.forEach((partition, of) -> offsets.put(partition, List.copyOf(of.keySet())));
        return offsets;
    }

    /** How many decisions HTTP answered with. */
    synchronized long answerCount() {
        return answerCount;
    }

    /** What HTTP answered. */
    synchronized List<Answer> answers() {
        return List.copyOf(answers);
    }

    /** Answers that must not be, in words, since this was asked last. */
    synchronized List<String> takeBadAnswers() {
        List<String> taken = List.copyOf(badAnswers);
        badAnswers.clear();
        return taken;
    }
}
