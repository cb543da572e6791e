package booking.auditor;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.h2.mvstore.DataUtils;
import org.jspecify.annotations.Nullable;

/**
 * An event as the model has it.
 *
 * @param limit of seats for one user, 0 for none
 * @param waiting how many stand in its line
 */
record EventState(
        String name,
        Instant date,
        String venue,
        boolean open,
        long version,
        int capacity,
        int confirmed,
        int held,
        int waiting,
        int limit,
        @Nullable Instant salesOpenAt,
        @Nullable Instant salesCloseAt,
        Instant createdAt,
        Instant updatedAt) {

    static final ScratchType<EventState> TYPE = new ScratchType<>(
            300,
            (to, event) -> {
                ScratchType.putText(to, event.name);
                ScratchType.putTime(to, event.date);
                ScratchType.putText(to, event.venue);
                to.put((byte) (event.open ? 1 : 0))
                        .putVarLong(event.version)
                        .putVarInt(event.capacity)
                        .putVarInt(event.confirmed)
                        .putVarInt(event.held)
                        .putVarInt(event.waiting)
                        .putVarInt(event.limit);
                ScratchType.putTime(to, event.salesOpenAt);
                ScratchType.putTime(to, event.salesCloseAt);
                ScratchType.putTime(to, event.createdAt);
                ScratchType.putTime(to, event.updatedAt);
            },
            from -> new EventState(
                    ScratchType.text(from),
                    ScratchType.time(from),
                    ScratchType.text(from),
                    from.get() == 1,
                    DataUtils.readVarLong(from),
                    DataUtils.readVarInt(from),
                    DataUtils.readVarInt(from),
                    DataUtils.readVarInt(from),
                    DataUtils.readVarInt(from),
                    DataUtils.readVarInt(from),
                    ScratchType.optionalTime(from),
                    ScratchType.optionalTime(from),
                    ScratchType.time(from),
                    ScratchType.time(from)));

    int available() {
        return capacity - confirmed - held;
    }

    /** The next version, with more or fewer seats taken and people waiting. */
    EventState changed(int moreConfirmed, int moreHeld, int moreWaiting, Instant at) {
        return new EventState(
                name,
                date,
                venue,
                open,
                version + 1,
                capacity,
                confirmed + moreConfirmed,
                held + moreHeld,
                waiting + moreWaiting,
                limit,
                salesOpenAt,
                salesCloseAt,
                createdAt,
                at);
    }

    EventState closed(Instant at) {
        return new EventState(
                name,
                date,
                venue,
                false,
                version + 1,
                capacity,
                confirmed,
                held,
                waiting,
                limit,
                salesOpenAt,
                salesCloseAt,
                createdAt,
                at);
    }

    /** The counters, as results show them. */
    void snapshotInto(Map<String, String> fields) {
        fields.put(ResultFields.VERSION, Long.toString(version));
        fields.put(ResultFields.CAPACITY, Integer.toString(capacity));
        fields.put(ResultFields.CONFIRMED, Integer.toString(confirmed));
        fields.put(ResultFields.HELD, Integer.toString(held));
        fields.put(ResultFields.AVAILABLE, Integer.toString(available()));
    }

    /** What its row has. */
    Map<String, String> row() {
        Map<String, String> row = new LinkedHashMap<>();
        row.put("name", name);
        row.put("date", date.toString());
        row.put("venue", venue);
        row.put("status", open ? "OPEN" : "CLOSED");
        row.put("version", Long.toString(version));
        row.put("capacity", Integer.toString(capacity));
        row.put("confirmed", Integer.toString(confirmed));
        row.put("held", Integer.toString(held));
        row.put("waiting", Integer.toString(waiting));
        if (limit > 0) {
            row.put("per_user_limit", Integer.toString(limit));
        }
        if (salesOpenAt != null) {
            row.put("sales_open_at", salesOpenAt.toString());
        }
        if (salesCloseAt != null) {
            row.put("sales_close_at", salesCloseAt.toString());
        }
        row.put("created_at", createdAt.toString());
        row.put("updated_at", updatedAt.toString());
        return row;
    }
}
