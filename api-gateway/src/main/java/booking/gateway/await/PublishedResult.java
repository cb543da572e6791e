package booking.gateway.await;

/**
 * A record of the results topic, unread but for its headers.
 *
 * @param partition of the results topic
 * @param offset in that partition
 * @param commandId the command answered, as the header says it; empty when it says nothing
 * @param source the record answered, {@code /<commands topic>/<partition>/<offset>}; empty when the header is missing
 * @param value the result, JSON
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and too many to wrap
public record PublishedResult(int partition, long offset, String commandId, String source, byte[] value) {}
