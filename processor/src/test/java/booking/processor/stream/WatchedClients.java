package booking.processor.stream;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The processor's clients of Kafka, whose producer tells the plan what it is about to do and has done. The brokers leave
 * its transactions open for longer than any test waits: other processors have to end them.
 */
final class WatchedClients extends BatchingClients {
    private static final int NEVER_MILLIS = 600_000;

    private final CrashPlan plan;

    WatchedClients(Duration pollPause, CrashPlan plan) {
        super(pollPause);
        this.plan = plan;
    }

    @Override
    public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
        Map<String, Object> patient = new HashMap<>(config);
        patient.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, NEVER_MILLIS);
        return new WatchedProducer(patient, plan);
    }

    private static final class WatchedProducer extends TransactionalProducer {
        private final CrashPlan plan;

        WatchedProducer(Map<String, Object> config, CrashPlan plan) {
            super(config);
            this.plan = plan;
        }

        @Override
        public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, @Nullable Callback callback) {
            plan.forwarding(this::flush);
            return super.send(record, callback);
        }

        @Override
        public void sendOffsetsToTransaction(
                Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
            plan.reached(CrashPoint.AFTER_FORWARDS);
            super.sendOffsetsToTransaction(offsets, group);
            plan.reached(CrashPoint.BEFORE_KAFKA_COMMIT);
        }

        @Override
        public void commitTransaction() {
            super.commitTransaction();
            plan.reached(CrashPoint.AFTER_KAFKA_COMMIT);
        }
    }
}
