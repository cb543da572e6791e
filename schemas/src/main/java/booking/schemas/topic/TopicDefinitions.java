package booking.schemas.topic;

import static org.apache.kafka.common.config.TopicConfig.CLEANUP_POLICY_COMPACT;
import static org.apache.kafka.common.config.TopicConfig.CLEANUP_POLICY_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.CLEANUP_POLICY_DELETE;
import static org.apache.kafka.common.config.TopicConfig.MAX_MESSAGE_BYTES_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.RETENTION_MS_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * How the topics are made.
 *
 * @param partitions of commands, results and availability; never changed in place, as keys would move
 * @param replicationFactor copies of each partition, at most the number of brokers
 * @param minInSyncReplicas copies that must have a record before it is acknowledged
 * @param retention how long commands, results and dead letters are kept
 */
public record TopicDefinitions(
        TopicNames names, int partitions, short replicationFactor, int minInSyncReplicas, Duration retention) {
    public static final int DEFAULT_PARTITIONS = 12;
    public static final Duration DEFAULT_RETENTION = Duration.ofDays(7);

    /** The largest batch of records that may be written to the commands topic; Kafka's own default, said aloud. */
    public static final int MOST_COMMAND_BYTES = 1_048_588;

    /** The same of the dead letters: what came in must fit with the headers that say why it is there. */
    public static final int MOST_DEAD_LETTER_BYTES = 4 * 1024 * 1024;

    private static final int DEAD_LETTER_PARTITIONS = 3;

    public TopicDefinitions {
        if (partitions < 1) {
            throw new IllegalArgumentException("partitions must be at least 1, was " + partitions);
        }
        if (minInSyncReplicas < 1 || minInSyncReplicas > replicationFactor) {
            throw new IllegalArgumentException("min.insync.replicas must be from 1 to the replication factor "
                    + replicationFactor + ", was " + minInSyncReplicas);
        }
        if (retention.toMillis() < 1) {
            throw new IllegalArgumentException("retention must be at least a millisecond, was " + retention);
        }
    }

    /** The four topics with explicit settings, ready to be created. */
    public List<NewTopic> newTopics() {
        String retentionMs = Long.toString(retention.toMillis());
        Map<String, String> kept =
                Map.of(CLEANUP_POLICY_CONFIG, CLEANUP_POLICY_DELETE, RETENTION_MS_CONFIG, retentionMs);
        return List.of(
                topic(
                        names.commands(),
                        partitions,
                        Map.of(
                                CLEANUP_POLICY_CONFIG,
                                CLEANUP_POLICY_DELETE,
                                RETENTION_MS_CONFIG,
                                retentionMs,
                                // The broker's clock decides when a command came, so no sender can be early or late.
                                MESSAGE_TIMESTAMP_TYPE_CONFIG,
                                "LogAppendTime",
                                MAX_MESSAGE_BYTES_CONFIG,
                                Integer.toString(MOST_COMMAND_BYTES))),
                topic(names.results(), partitions, kept),
                topic(names.availability(), partitions, Map.of(CLEANUP_POLICY_CONFIG, CLEANUP_POLICY_COMPACT)),
                topic(
                        names.deadLetters(),
                        DEAD_LETTER_PARTITIONS,
                        Map.of(
                                CLEANUP_POLICY_CONFIG,
                                CLEANUP_POLICY_DELETE,
                                RETENTION_MS_CONFIG,
                                retentionMs,
                                MAX_MESSAGE_BYTES_CONFIG,
                                Integer.toString(MOST_DEAD_LETTER_BYTES))));
    }

    private NewTopic topic(String name, int partitionCount, Map<String, String> settings) {
        Map<String, String> all = new TreeMap<>(settings);
        all.put(MIN_IN_SYNC_REPLICAS_CONFIG, Integer.toString(minInSyncReplicas));
        // A leader that lacks acknowledged records would lose them.
        all.put(UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG, "false");
        return new NewTopic(name, partitionCount, replicationFactor).configs(all);
    }
}
