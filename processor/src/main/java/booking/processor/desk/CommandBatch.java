package booking.processor.desk;

import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The commands that one poll brought from one partition.
 *
 * @param records in the order of their offsets
 * @param nextOffset where the next poll goes on
 */
public record CommandBatch(int partition, List<ConsumerRecord<byte[], byte[]>> records, long nextOffset) {}
