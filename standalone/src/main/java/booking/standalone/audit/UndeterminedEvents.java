package booking.standalone.audit;

import booking.schemas.result.Reason;
import booking.standalone.audit.Snapshot.Row;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * The events of which the log alone does not say what became. Two partitions have no order between them, so which of two
 * events got a venue and date, or which of two commands an id, was decided by who came first; the replay goes by the
 * times and may guess wrong. Nor does the log say when somebody else kept a row from us. All that follows, follows within
 * the event.
 */
final class UndeterminedEvents {
    private static final Set<Reason> NOT_IN_THE_LOG =
            EnumSet.of(Reason.TIME_SLOT_TAKEN, Reason.COMMAND_ID_REUSED, Reason.VERSION_CONFLICT);

    private final Pruned pruned;
    private final Set<String> events = new HashSet<>();

    UndeterminedEvents(Pruned pruned) {
        this.pruned = pruned;
    }

    boolean isEmpty() {
        return events.isEmpty();
    }

    boolean includeAll(Set<String> eventIds) {
        return events.containsAll(eventIds);
    }

    /** Looks at two outcomes that differ, for whether that is a matter of who came first. */
    void learnFrom(RowPair outcomes) {
        if (outcomes.found().isEmpty() || outcomes.replayed().isEmpty()) {
            return;
        }
        Row found = outcomes.found().orElseThrow();
        Row replayed = outcomes.replayed().orElseThrow();
        if (isUndetermined(RowPair.result(found), RowPair.result(replayed)) || wasDecidedAnew(found, replayed)) {
            events.addAll(outcomes.events(AuditedTable.OUTCOMES));
        }
    }

    private static boolean isUndetermined(JsonNode found, JsonNode replayed) {
        if (!found.has("outcome")) {
            // No order of events and no other writer makes a processor store this.
            return false;
        }
        String foundReason = found.path("reason").asString("");
        String replayedReason = replayed.path("reason").asString("");
        boolean differentReasons = !foundReason.equals(replayedReason)
                && NOT_IN_THE_LOG.stream()
                        .map(Reason::name)
                        .anyMatch(reason -> reason.equals(foundReason) || reason.equals(replayedReason));
        return differentReasons || isOfAnotherPartition(found.path("position"), replayed.path("position"));
    }

    private static boolean isOfAnotherPartition(JsonNode found, JsonNode replayed) {
        // A result that names no partition is not one that a processor wrote.
        return found.path("partition").isInt()
                && found.path("partition").asInt() != replayed.path("partition").asInt();
    }

    /** Whether a command was sent again after its outcome had been removed, and then decided as a new one. */
    private boolean wasDecidedAnew(Row found, Row replayed) {
        return pruned.isOldEnough(TableComparison.decidedAt(replayed))
                && TableComparison.decidedAt(found).isAfter(TableComparison.decidedAt(replayed));
    }
}
