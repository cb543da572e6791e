package booking.chaos;

import java.time.Duration;

/**
 * What a system is made of.
 *
 * @param brokers 1, or 3 that keep three copies
 * @param standby whether PostgreSQL has a synchronous standby
 * @param processorSession after which a silent processor loses its partitions
 */
public record Layout(int brokers, boolean standby, Duration processorSession) {
    /** As {@code ./booking start} has it. */
    public static final Layout LOCAL = new Layout(1, false, Duration.ofSeconds(2));

    public Layout {
        if (brokers != 1 && brokers != 3) {
            throw new IllegalArgumentException("brokers must be 1 or 3, was " + brokers);
        }
    }

    public Layout withBrokers(int count) {
        return new Layout(count, standby, processorSession);
    }

    public Layout withStandby() {
        return new Layout(brokers, true, processorSession);
    }
}
