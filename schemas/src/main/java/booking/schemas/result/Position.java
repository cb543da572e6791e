package booking.schemas.result;

/**
 * Where a command stands in the log: the receipt for who came first.
 *
 * @param partition the partition of the commands topic, from 0
 * @param offset the offset in that partition, from 0
 */
public record Position(int partition, long offset) {
    public Position {
        if (partition < 0 || offset < 0) {
            throw new IllegalArgumentException("a position is never negative, was " + partition + "-" + offset);
        }
    }
}
