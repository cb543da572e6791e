package booking.processor.desk;

/** What has to hold before the first commands of a partition are decided that another processor may have had before. */
@FunctionalInterface
public interface TakeoverCheck {
    /**
     * Makes sure that the database has all that was answered. Called with the partition's fence held.
     *
     * @param next the first offset that the database has not decided
     * @throws RuntimeException when it has not, or when that cannot be known; nothing is decided then
     */
    void requireNotBehind(int partition, long next);
}
