package booking.gateway.follow;

import booking.gateway.follow.Published.Kind;
import booking.schemas.topic.TopicNames;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Utils;

/**
 * The topics of results and availability as they are in the cluster now.
 *
 * @param results name of the topic of results
 * @param resultsPartitions its partitions
 * @param availability name of the topic of availability
 * @param availabilityPartitions its partitions
 * @param mark tells these two topics from others that had or will have their names
 */
public record FollowedTopics(
        String results, int resultsPartitions, String availability, int availabilityPartitions, String mark) {
    private static final long MARK_BITS = (1L << 40) - 1;
    private static final int RADIX = 36;

    static FollowedTopics of(TopicNames names, Map<String, TopicDescription> described) {
        TopicDescription results = described(names.results(), described);
        TopicDescription availability = described(names.availability(), described);
        return new FollowedTopics(
                results.name(),
                results.partitions().size(),
                availability.name(),
                availability.partitions().size(),
                mark(results.topicId(), availability.topicId()));
    }

    private static TopicDescription described(String name, Map<String, TopicDescription> described) {
        TopicDescription topic = described.get(name);
        if (topic == null) {
            throw new IllegalArgumentException("topic " + name + " is not described");
        }
        return topic;
    }

    private static String mark(Uuid results, Uuid availability) {
        // Topic ids are random, so forty bits of both together are as good as all of them.
        long bits = results.getLeastSignificantBits() + 31 * availability.getLeastSignificantBits();
        return Long.toString(bits & MARK_BITS, RADIX);
    }

    /** All partitions of both topics. */
    List<TopicPartition> partitions() {
        List<TopicPartition> all = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            for (int partition = 0; partition < partitions(kind); partition++) {
                all.add(new TopicPartition(name(kind), partition));
            }
        }
        return all;
    }

    String name(Kind kind) {
        return kind == Kind.RESULT ? results : availability;
    }

    int partitions(Kind kind) {
        return kind == Kind.RESULT ? resultsPartitions : availabilityPartitions;
    }

    Kind kind(String topic) {
        return topic.equals(results) ? Kind.RESULT : Kind.AVAILABILITY;
    }

    /** The partition in which an event's records are: the processor's producer puts them where Kafka's own partitioner does. */
    int partitionOf(String eventId, Kind kind) {
        return Utils.toPositive(Utils.murmur2(eventId.getBytes(StandardCharsets.UTF_8))) % partitions(kind);
    }
}
