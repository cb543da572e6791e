package booking.auditor;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.h2.mvstore.DataUtils;

/**
 * Somebody in a line, as the model has it.
 *
 * @param id of the command that joined
 * @param place the version that the event got by it, which orders the line
 */
record WaitingState(UUID id, String eventId, String userId, int quantity, long place, Instant joinedAt) {

    static final ScratchType<WaitingState> TYPE = new ScratchType<>(
            200,
            (to, waiting) -> {
                ScratchType.putId(to, waiting.id);
                ScratchType.putText(to, waiting.eventId);
                ScratchType.putText(to, waiting.userId);
                to.putVarInt(waiting.quantity).putVarLong(waiting.place);
                ScratchType.putTime(to, waiting.joinedAt);
            },
            from -> new WaitingState(
                    ScratchType.id(from),
                    ScratchType.text(from),
                    ScratchType.text(from),
                    DataUtils.readVarInt(from),
                    DataUtils.readVarLong(from),
                    ScratchType.time(from)));

    /** What its row has. */
    Map<String, String> row() {
        Map<String, String> row = new LinkedHashMap<>();
        row.put("event_id", eventId);
        row.put("user_id", userId);
        row.put("quantity", Integer.toString(quantity));
        row.put("place", Long.toString(place));
        row.put("joined_at", joinedAt.toString());
        return row;
    }
}
