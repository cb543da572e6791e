package booking.gateway.follow;

import booking.gateway.follow.Published.Kind;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * How far somebody has read the two topics: of each partition that they read, the offset of what comes next. Its text is
 * the id of an event in a stream, with which a reader goes on, at any gateway. Not safe for use by several threads.
 */
public final class Positions {
    /** Of a partition that is not read. */
    private static final long NOT_READ = -1;

    private static final int RADIX = 36;
    private static final char BETWEEN_PARTS = '~';
    private static final char BETWEEN_OFFSETS = '.';
    private static final char AFTER_PARTITION = '-';
    private static final int LONGEST_TEXT = 16_000;

    private final FollowedTopics topics;
    private final long[] results;
    private final long[] availability;

    private Positions(FollowedTopics topics, long[] results, long[] availability) {
        this.topics = topics;
        this.results = results;
        this.availability = availability;
    }

    static Positions nowhere(FollowedTopics topics) {
        Positions positions =
                new Positions(topics, new long[topics.resultsPartitions()], new long[topics.availabilityPartitions()]);
        Arrays.fill(positions.results, NOT_READ);
        Arrays.fill(positions.availability, NOT_READ);
        return positions;
    }

    private long[] offsets(Kind kind) {
        return kind == Kind.RESULT ? results : availability;
    }

    /**
     * Reads the text of {@link #toString()}.
     *
     * @return nothing when it is about other topics, such as those that had these names before
     * @throws IllegalArgumentException when it is no such text
     */
    public static Optional<Positions> parse(FollowedTopics topics, String text) {
        if (text.length() > LONGEST_TEXT) {
            throw new IllegalArgumentException("it is too long");
        }
        String[] parts = text.split(String.valueOf(BETWEEN_PARTS), -1);
        if (parts.length != 3 || !parts[0].matches("[0-9a-z]{1,13}")) {
            throw new IllegalArgumentException("it has other parts");
        }
        Positions read = nowhere(topics);
        boolean results = parse(parts[1], read.results);
        boolean availability = parse(parts[2], read.availability);
        return parts[0].equals(topics.mark()) && results && availability ? Optional.of(read) : Optional.empty();
    }

    /** False when there are no such partitions. */
    private static boolean parse(String text, long[] offsets) {
        String[] written = text.split("\\" + BETWEEN_OFFSETS, -1);
        for (int i = 0; i < written.length; i++) {
            int dash = written[i].indexOf(AFTER_PARTITION);
            long partition = dash < 0 ? i : number(written[i].substring(0, dash));
            long offset = number(written[i].substring(dash + 1));
            if (partition >= offsets.length) {
                return false;
            }
            offsets[(int) partition] = offset;
        }
        return true;
    }

    private static long number(String text) {
        // Twelve digits are more than any log has records, and fewer than would overflow.
        if (!text.matches("[0-9a-z]{1,12}")) {
            throw new IllegalArgumentException("it has an offset that is none");
        }
        return Long.parseLong(text, RADIX);
    }

    /** The same, to be changed apart. */
    public Positions copy() {
        return new Positions(topics, results.clone(), availability.clone());
    }

    /** Those of the partitions only in which this event's records are. */
    public Positions only(String eventId) {
        Positions one = nowhere(topics);
        for (Kind kind : Kind.values()) {
            int partition = topics.partitionOf(eventId, kind);
            one.offsets(kind)[partition] = offsets(kind)[partition];
        }
        return one;
    }

    /** Whether these say something of every partition that the others do. */
    public boolean cover(Positions others) {
        return byPartition().keySet().containsAll(others.byPartition().keySet());
    }

    /** How many offsets these are short of the others, in the partitions that these are about. */
    public long behind(Positions others) {
        return behind(results, others.results) + behind(availability, others.availability);
    }

    private static long behind(long[] offsets, long[] others) {
        long sum = 0;
        for (int i = 0; i < offsets.length; i++) {
            if (offsets[i] != NOT_READ) {
                sum += Math.max(0, others[i] - offsets[i]);
            }
        }
        return sum;
    }

    /** Of each partition that these are about the earlier of the two; the others must be about it too. */
    public Positions atMost(Positions others) {
        Positions earlier = copy();
        for (Kind kind : Kind.values()) {
            long[] offsets = earlier.offsets(kind);
            for (int i = 0; i < offsets.length; i++) {
                offsets[i] = Math.min(offsets[i], others.offsets(kind)[i]);
            }
        }
        return earlier;
    }

    /** Whether this record comes before the place that these positions are at. */
    public boolean arePast(Published record) {
        return record.offset() < offsets(record.kind())[record.partition()];
    }

    /** Goes on behind this record. */
    public void pass(Published record) {
        offsets(record.kind())[record.partition()] = record.offset() + 1;
    }

    /** The topics that these are about. */
    public FollowedTopics topics() {
        return topics;
    }

    void set(TopicPartition partition, long offset) {
        offsets(topics.kind(partition.topic()))[partition.partition()] = offset;
    }

    Map<TopicPartition, Long> byPartition() {
        Map<TopicPartition, Long> all = new HashMap<>();
        for (Kind kind : Kind.values()) {
            long[] offsets = offsets(kind);
            for (int i = 0; i < offsets.length; i++) {
                if (offsets[i] != NOT_READ) {
                    all.put(new TopicPartition(topics.name(kind), i), offsets[i]);
                }
            }
        }
        return all;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Positions that
                && topics.equals(that.topics)
                && Arrays.equals(results, that.results)
                && Arrays.equals(availability, that.availability);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(results) + Arrays.hashCode(availability);
    }

    /** As the id of an event: printable ASCII, and to its readers nothing but a text. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(topics.mark());
        append(text.append(BETWEEN_PARTS), results);
        append(text.append(BETWEEN_PARTS), availability);
        return text.toString();
    }

    private static void append(StringBuilder text, long[] offsets) {
        boolean all = true;
        for (long offset : offsets) {
            all &= offset != NOT_READ;
        }
        boolean first = true;
        for (int i = 0; i < offsets.length; i++) {
            if (offsets[i] != NOT_READ) {
                if (!first) {
                    text.append(BETWEEN_OFFSETS);
                }
                first = false;
                if (!all) {
                    text.append(Integer.toString(i, RADIX)).append(AFTER_PARTITION);
                }
                text.append(Long.toString(offsets[i], RADIX));
            }
        }
    }
}
