package booking.auditor;

import booking.schemas.json.StrictJson;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.type.StringDataType;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeType;

/** Compares the last availability that was published of each event with its row. */
final class AvailabilityCheck {
    private static final List<String> TEXTS = List.of("eventId", "name", "date", "venue", "status", "updatedAt");
    private static final List<String> COUNTERS = List.of("version", "capacity", "confirmed", "held", "available");
    private static final Set<String> TIMES = Set.of("date", "updatedAt");

    private final AuditSettings settings;
    private final Findings findings;
    private final Scratch scratch;
    private final MVMap<String, byte[]> latest;

    AvailabilityCheck(AuditSettings settings, Scratch scratch, Findings findings) {
        this.settings = settings;
        this.findings = findings;
        this.scratch = scratch;
        this.latest = scratch.map(
                "availability",
                StringDataType.INSTANCE,
                new ScratchType<>(500, (to, value) -> to.putVarInt(value.length).put(value), from -> {
                    byte[] value = new byte[DataUtils.readVarInt(from)];
                    from.get(value);
                    return value;
                }));
    }

    /** Reads what there is by now. */
    void read() {
        try (LogReader reader = new LogReader(settings)) {
            var partitions = reader.partitions(settings.topics().availability());
            reader.start(reader.beginnings(partitions));
            reader.readTo(reader.ends(partitions), this::add);
        }
    }

    private void add(ConsumerRecord<byte[], byte[]> record) {
        scratch.tick();
        String eventId = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
        if (record.value() == null) {
            latest.remove(eventId);
        } else {
            latest.put(eventId, record.value());
        }
    }

    /**
     * Compares.
     *
     * @param live whether the system has gone on since the tables were looked at, so that some may be newer
     * @param moved whether the tables also hold what was decided from another set of topics, so that some may be told there
     */
    void compareWith(TableSnapshot tables, boolean live, boolean moved) {
        MergeJoin<String, byte[]> join =
                new MergeJoin<>(Comparator.naturalOrder(), latest.entrySet().iterator(), (eventId, value) -> {
                    if (!live) {
                        violation(
                                eventId,
                                "none, as there is no such event",
                                fields(value).toString());
                    }
                });
        tables.read(TableSnapshot.EVENTS, row -> {
            String eventId = row.getString("id");
            Optional<byte[]> value = Optional.ofNullable(join.match(eventId));
            if (!(moved && isToldElsewhere(row, value))) {
                compare(eventId, row, value, live);
            }
        });
        join.finish();
    }

    /** Whether the event was changed last by a command of the other topics. */
    private static boolean isToldElsewhere(ResultSet row, Optional<byte[]> value) throws SQLException {
        if (value.isEmpty()) {
            return true;
        }
        long told = version(fields(value.get()));
        return told > 0 && told < row.getLong("version");
    }

    private void compare(String eventId, ResultSet row, Optional<byte[]> value, boolean live) throws SQLException {
        findings.count(Promise.TABLES, "availability", 1);
        Map<String, String> expected = expected(row);
        if (value.isEmpty()) {
            violation(eventId, expected.toString(), "none");
            return;
        }
        Map<String, String> found = fields(value.get());
        boolean newer = version(found) > row.getLong("version");
        Difference difference = Difference.between(expected, found);
        if (!difference.isEmpty() && !(live && newer)) {
            violation(eventId, difference.expected(), difference.found());
        }
    }

    private static Map<String, String> expected(ResultSet row) throws SQLException {
        Map<String, String> expected = new LinkedHashMap<>();
        int available = row.getInt("capacity") - row.getInt("confirmed") - row.getInt("held");
        expected.put("eventId", row.getString("id"));
        expected.put("name", row.getString("name"));
        expected.put("date", TableSnapshot.instant(row, "date").toString());
        expected.put("venue", row.getString("venue"));
        expected.put("status", row.getString("status"));
        expected.put("isBooked", Boolean.toString(available <= 0));
        expected.put("updatedAt", TableSnapshot.instant(row, "updated_at").toString());
        expected.put("version", Long.toString(row.getLong("version")));
        expected.put("capacity", Integer.toString(row.getInt("capacity")));
        expected.put("confirmed", Integer.toString(row.getInt("confirmed")));
        expected.put("held", Integer.toString(row.getInt("held")));
        expected.put("available", Integer.toString(available));
        return expected;
    }

    private static Map<String, String> fields(byte[] value) {
        Map<String, String> fields = new LinkedHashMap<>();
        try {
            JsonNode json = StrictJson.tree(value);
            TEXTS.forEach(name -> put(fields, name, json.path(name), JsonNodeType.STRING));
            put(fields, "isBooked", json.path("isBooked"), JsonNodeType.BOOLEAN);
            COUNTERS.forEach(name -> put(fields, name, json.path("event").path(name), JsonNodeType.NUMBER));
        } catch (CharacterCodingException | JacksonException e) {
            fields.put("unreadable", new String(value, StandardCharsets.UTF_8));
        }
        return fields;
    }

    private static void put(Map<String, String> fields, String name, JsonNode value, JsonNodeType type) {
        if (!value.isMissingNode()) {
            String text = ResultFields.text(value, type);
            fields.put(name, TIMES.contains(name) ? ResultFields.time(text) : text);
        }
    }

    private static long version(Map<String, String> fields) {
        try {
            return Long.parseLong(fields.getOrDefault("version", ""));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private void violation(String eventId, String expected, String found) {
        findings.violation(Promise.TABLES, Offender.of("availability of event " + eventId + ": " + expected, found));
    }
}
