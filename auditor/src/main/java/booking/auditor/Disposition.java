package booking.auditor;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.h2.mvstore.DataUtils;
import org.jspecify.annotations.Nullable;

/**
 * What was published about a record of the commands topic.
 *
 * @param kind whether it is a result
 * @param partition of the topic that it was published to
 * @param offset in that partition
 * @param content of its value, or of a dead letter as {@link DeadLetterContent} takes it
 * @param fields of a result, as text, as {@link ResultFields} names them; empty for others
 */
record Disposition(Kind kind, int partition, long offset, Digest content, Map<String, String> fields) {

    enum Kind {
        RESULT,
        DEAD_LETTER,
        /** Published as a result, but nobody can read it. */
        NO_RESULT
    }

    private static final int ABOUT_BYTES = 1200;

    static final ScratchType<Disposition> TYPE = new ScratchType<>(
            ABOUT_BYTES,
            (to, disposition) -> {
                ScratchType.putText(to, disposition.kind.name());
                to.putVarInt(disposition.partition)
                        .putVarLong(disposition.offset)
                        .putLong(disposition.content.high())
                        .putLong(disposition.content.low())
                        .putVarInt(disposition.fields.size());
                disposition.fields.forEach((name, value) -> {
                    to.put((byte) ResultFields.NAMES.indexOf(name));
                    ScratchType.putText(to, value);
                });
            },
            from -> {
                Kind kind = Kind.valueOf(ScratchType.text(from));
                int partition = DataUtils.readVarInt(from);
                long offset = DataUtils.readVarLong(from);
                Digest content = Digest.of(from);
                Map<String, String> fields = new LinkedHashMap<>();
                for (int left = DataUtils.readVarInt(from); left > 0; left--) {
                    fields.put(ResultFields.NAMES.get(from.get()), ScratchType.text(from));
                }
                return new Disposition(kind, partition, offset, content, fields);
            });

    boolean isResult() {
        return kind == Kind.RESULT;
    }

    @Nullable
    String field(String name) {
        return fields.get(name);
    }

    /** A field of a result that is a number; far below any that makes sense where it is not one. */
    long number(String name) {
        try {
            return Long.parseLong(Objects.requireNonNullElse(fields.get(name), ""));
        } catch (NumberFormatException e) {
            return Long.MIN_VALUE / 4;
        }
    }

    /** A field of a result that is a time; empty where it is none. */
    Optional<Instant> time(String name) {
        try {
            return Optional.ofNullable(fields.get(name)).map(Instant::parse);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** Of the command that a result says to answer; empty when it names none. */
    Optional<UUID> commandId() {
        try {
            return Optional.ofNullable(fields.get(ResultFields.COMMAND_ID)).map(UUID::fromString);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Whether it is a result with this reason. */
    boolean isRefusedFor(String reason) {
        return reason.equals(fields.get(ResultFields.REASON));
    }

    /** Where a result says that its command stands; empty when it does not say so. */
    Optional<Dispositions.Source> position() {
        long sourcePartition = number(ResultFields.PARTITION);
        long sourceOffset = number(ResultFields.OFFSET);
        return sourcePartition >= 0 && sourcePartition <= Integer.MAX_VALUE && sourceOffset >= 0
                ? Optional.of(new Dispositions.Source((int) sourcePartition, sourceOffset, 0))
                : Optional.empty();
    }

    /** Whether it says to be about the record there. */
    boolean names(int sourcePartition, long sourceOffset) {
        return Integer.toString(sourcePartition).equals(fields.get(ResultFields.PARTITION))
                && Long.toString(sourceOffset).equals(fields.get(ResultFields.OFFSET));
    }

    @Override
    public String toString() {
        String what = switch (kind) {
            case RESULT -> "the result";
            case DEAD_LETTER -> "the dead letter";
            case NO_RESULT -> "the unreadable record among the results";
        };
        return what + " at " + partition + "-" + offset;
    }
}
