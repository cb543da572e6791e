package booking.auditor;

import java.time.Instant;
import org.h2.mvstore.DataUtils;

/**
 * The first answer to a command id.
 *
 * @param partition where the command stands that got it
 * @param offset in that partition
 * @param command the command's content
 * @param result the result's content, as it was published
 * @param decidedAt the time of the command
 * @param seen whether the command itself was seen there, or only another that was answered as a repetition of it
 * @param unread whether it was refused without looking at anything: another command, decided on another partition, may
 *     have been the first
 */
record Known(
        int partition, long offset, Digest command, Digest result, Instant decidedAt, boolean seen, boolean unread) {

    Known withResult(Digest published) {
        return new Known(partition, offset, command, published, decidedAt, seen, unread);
    }

    static final ScratchType<Known> TYPE = new ScratchType<>(
            160,
            (to, known) -> {
                to.putVarInt(known.partition)
                        .putVarLong(known.offset)
                        .putLong(known.command.high())
                        .putLong(known.command.low())
                        .putLong(known.result.high())
                        .putLong(known.result.low());
                ScratchType.putTime(to, known.decidedAt);
                to.put((byte) ((known.seen ? 1 : 0) | (known.unread ? 2 : 0)));
            },
            from -> {
                int partition = DataUtils.readVarInt(from);
                long offset = DataUtils.readVarLong(from);
                Digest command = Digest.of(from);
                Digest result = Digest.of(from);
                Instant decidedAt = ScratchType.time(from);
                byte flags = from.get();
                return new Known(partition, offset, command, result, decidedAt, (flags & 1) != 0, (flags & 2) != 0);
            });
}
