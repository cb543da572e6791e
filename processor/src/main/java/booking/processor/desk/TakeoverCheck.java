package booking.processor.desk;

import java.util.Map;

/** What has to hold before the first commands of partitions are decided that another processor may have had before. */
@FunctionalInterface
public interface TakeoverCheck {
    /**
     * Makes sure that the database has all that was answered. Called with the partitions' fences held, within a transaction
     * of the database, which does not wait for long.
     *
     * @param progress for each partition the first offset that the database has not decided
     * @throws RuntimeException when it has not, or when nobody answers; nothing is decided then
     */
    void requireNotBehind(Map<Integer, Long> progress);
}
