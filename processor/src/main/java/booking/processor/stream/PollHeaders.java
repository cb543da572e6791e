package booking.processor.stream;

import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Carries a poll through Kafka Streams, from the consumer to the processor: Streams hands the headers of a record to
 * the deserializer of its value.
 */
final class PollHeaders extends RecordHeaders {
    private final Poll poll;

    PollHeaders(Poll poll) {
        this.poll = poll;
    }

    /** Gives the poll that a record of {@link BatchingConsumer} stands for. */
    static final class PollDeserializer implements Deserializer<Poll> {
        @Override
        public Poll deserialize(String topic, byte[] value) {
            throw new IllegalStateException("a poll is read from its headers");
        }

        @Override
        public Poll deserialize(String topic, org.apache.kafka.common.header.Headers headers, byte[] value) {
            return ((PollHeaders) headers).poll;
        }
    }
}
