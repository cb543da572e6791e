package booking.gateway.read;

/**
 * Commands that were decided lately, and the transactions that did so.
 *
 * @param transactions one at least
 */
public record DecidedBatches(long commands, long transactions) {

    /** On average. */
    public double commandsPerTransaction() {
        return (double) commands / transactions;
    }
}
