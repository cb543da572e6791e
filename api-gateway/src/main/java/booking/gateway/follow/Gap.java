package booking.gateway.follow;

/**
 * Records that somebody wanted to read and that are not there: the topic keeps them no longer, or never had them.
 *
 * @param from the offset that was asked for
 * @param to the offset that is read instead
 */
public record Gap(String topic, int partition, long from, long to) {}
