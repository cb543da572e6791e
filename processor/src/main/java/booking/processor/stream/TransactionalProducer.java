package booking.processor.stream;

import booking.processor.TimeoutLadder;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The producer of one stream thread. When the brokers do not say within {@link TimeoutLadder#KAFKA_ANSWER} what became of a
 * transaction, it is given up: Kafka Streams is told what it is told when another has taken over, and begins anew, with
 * another producer and from what was committed last. That is always safe, and the first thing that the other producer does is
 * to have the brokers end what this one left open.
 *
 * <p>Kafka's own producer wants the call that timed out to be made again, and refuses every other. Kafka Streams makes others:
 * the thread would end as by a bug. Nor has its {@code close()} an end, while the consumer's heartbeats go on and the whole
 * group waits for the thread.
 */
class TransactionalProducer extends KafkaProducer<byte[], byte[]> {
    /** For what was sent already; whether it arrives makes no difference once its transaction is not committed. */
    private static final Duration CLOSE_WAIT = Duration.ofSeconds(5);

    private boolean givenUp;

    TransactionalProducer(Map<String, Object> config) {
        super(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Override
    public void beginTransaction() {
        if (givenUp) {
            throw new ProducerFencedException("the brokers did not say what became of the transaction before");
        }
        super.beginTransaction();
    }

    @Override
    public void sendOffsetsToTransaction(
            Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata groupMetadata) {
        try {
            super.sendOffsetsToTransaction(offsets, groupMetadata);
        } catch (TimeoutException e) {
            throw giveUp(e);
        }
    }

    @Override
    public void commitTransaction() {
        try {
            super.commitTransaction();
        } catch (TimeoutException | InvalidTxnStateException e) {
            throw giveUp(e);
        }
    }

    private CommitFailedException giveUp(ApiException why) {
        givenUp = true;
        CommitFailedException failure = new CommitFailedException(
                "the brokers did not say, or do not know any more, what became of a transaction; beginning anew from what"
                        + " was committed last");
        failure.initCause(why);
        return failure;
    }

    @Override
    public void abortTransaction() {
        if (givenUp) {
            // Its successor has the brokers end it.
            return;
        }
        try {
            super.abortTransaction();
        } catch (TimeoutException e) {
            givenUp = true;
            throw e;
        }
    }

    @Override
    public void close() {
        close(givenUp ? Duration.ZERO : CLOSE_WAIT);
    }
}
