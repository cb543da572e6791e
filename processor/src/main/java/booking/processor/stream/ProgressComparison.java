package booking.processor.stream;

import booking.processor.ProcessorSettings;
import booking.processor.desk.TakeoverCheck;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the progress in the database with the group's offsets, which are committed after it has moved, and with the log. When
 * it is behind the offsets, the database has lost commits (it was restored, or failed over to a standby that was behind), and
 * places that were promised would be sold again. When the log ends before it, Kafka has lost commands, and those that come
 * to their offsets would get no answer.
 */
public final class ProgressComparison implements TakeoverCheck {
    private static final Logger LOG = LoggerFactory.getLogger(ProgressComparison.class);
    private static final Duration SCAN_WAIT = Duration.ofSeconds(30);

    private final ProcessorSettings settings;
    private final CommandsTopic topic;
    private final UUID topicId;

    /** @param topicId of the commands topic; the progress is that in the topic with this id */
    public ProgressComparison(ProcessorSettings settings, CommandsTopic topic, UUID topicId) {
        this.settings = settings;
        this.topic = topic;
        this.topicId = topicId;
    }

    /**
     * Compares the progress of partitions that nobody else can move meanwhile, as their fences are held. Where the log no
     * longer has what tells whether anything is missing, it goes on: a quiet partition that ends with an aborted
     * transaction comes to that by itself.
     *
     * @throws IllegalStateException when the database is behind, with what to do; or when Kafka does not answer
     */
    @Override
    public void requireNotBehind(Map<Integer, Long> progress) {
        Map<Integer, Long> offsets = new HashMap<>(topic.committedOffsets());
        offsets.keySet().retainAll(progress.keySet());
        Compared compared = compare(offsets, progress, true);
        compared.notKept()
                .forEach((partition, behind) -> LOG.atWarn()
                        .setMessage(
                                "Nobody can tell whether the database has all that was answered of a partition, as the"
                                        + " log does not go back that far")
                        .addKeyValue("partition", partition)
                        .addKeyValue("decidedUpTo", behind.next())
                        .addKeyValue("keptFrom", behind.kept())
                        .addKeyValue("committedUpTo", behind.committed())
                        .log());
        if (!compared.lost().isEmpty()) {
            throw behind(compared.lost(), new TreeMap<>());
        }
    }

    /**
     * Compares before anything is decided. Where nobody can tell any more whether something is missing, somebody has to say so.
     *
     * @param offsets for each partition where the group goes on
     * @param progress for each partition the first offset that the database has not decided; nothing stands for 0
     * @throws IllegalStateException when the database is behind, or may be, with what to do; or when Kafka does not answer
     */
    void requireNotBehind(Map<Integer, Long> offsets, Map<Integer, Long> progress) {
        Compared compared = compare(offsets, progress, false);
        if (!compared.lost().isEmpty() || !compared.notKept().isEmpty()) {
            throw behind(compared.lost(), compared.notKept());
        }
    }

    /**
     * Makes sure that the log is still the one that was decided. Called for a command whose offset says that it was decided, and of
     * which nothing is known: its outcome may be too old to be kept, or the command may be another than the one that was decided.
     *
     * @param partition of the command
     * @param next the first offset of the partition that the database has not decided
     * @throws IllegalStateException when it is another log, with what to do; or when Kafka does not answer
     */
    void requireSameLog(int partition, long next) {
        if (!topic.id().equals(topicId)) {
            throw new IllegalStateException("topic " + topic.name() + " was deleted and made anew while this processor"
                    + " was running, so its commands would be taken for those that it had before; start it again");
        }
        requireLogReaches(Map.of(partition, next));
    }

    /**
     * Makes sure that the log does not end before the progress, as it does when brokers have lost records that were
     * acknowledged. What comes to an offset below the progress is taken for what was decided there, and never decided.
     *
     * @param progress for each partition the first offset that the database has not decided
     * @throws IllegalStateException when it does, with what to do; or when Kafka does not answer
     */
    void requireLogReaches(Map<Integer, Long> progress) {
        Map<Integer, Long> ends = topic.ends(progress.keySet());
        String tooShort = progress.entrySet().stream()
                .filter(decided -> ends.getOrDefault(decided.getKey(), 0L) < decided.getValue())
                .map(decided -> "partition " + decided.getKey() + " ends at offset "
                        + ends.getOrDefault(decided.getKey(), 0L) + ", and the database has decided what was before"
                        + " offset " + decided.getValue())
                .sorted()
                .collect(Collectors.joining("; "));
        if (!tooShort.isEmpty()) {
            throw new IllegalStateException("KAFKA HAS LOST COMMANDS of " + topic.name() + " that are decided: "
                    + tooShort
                    + ". Commands that come to those offsets would be taken for decided and get no answer, so"
                    + " nothing is decided until this is settled: bring back the log, or go on with a new set of topics"
                    + " (BOOKING_TOPICS_PREFIX, and the setup step), whose offsets begin anew; the tables keep what was"
                    + " decided");
        }
    }

    /**
     * How far the database has come in a partition, and how far the group.
     *
     * @param kept from where on the log still has what is between the two
     */
    private record Behind(long next, long kept, long committed) {}

    /**
     * The partitions where the database is behind.
     *
     * @param lost those whose log has commands that it lacks
     * @param notKept those whose log no longer tells whether there were any before {@link Behind#kept}; they may be lost too
     */
    private record Compared(SortedMap<Integer, Behind> lost, SortedMap<Integer, Behind> notKept) {}

    /** @param firstIsEnough whether one partition of which commands are lost is all that the caller wants to know, and soon */
    private Compared compare(Map<Integer, Long> offsets, Map<Integer, Long> progress, boolean firstIsEnough) {
        Map<TopicPartition, Behind> behind = new HashMap<>();
        offsets.forEach((partition, committed) -> {
            long next = progress.getOrDefault(partition, 0L);
            if (committed > next) {
                behind.put(new TopicPartition(topic.name(), partition), new Behind(next, next, committed));
            }
        });
        Compared compared = new Compared(new TreeMap<>(), new TreeMap<>());
        if (behind.isEmpty()) {
            return compared;
        }
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            Map<TopicPartition, Long> oldest = consumer.beginningOffsets(behind.keySet(), SCAN_WAIT);
            Map<TopicPartition, Behind> unread = new HashMap<>();
            behind.forEach((partition, one) -> {
                long first = Math.max(one.next(), oldest.getOrDefault(partition, 0L));
                Behind now = new Behind(one.next(), Math.min(first, one.committed()), one.committed());
                if (now.kept() > now.next()) {
                    compared.notKept().put(partition.partition(), now);
                }
                if (now.kept() < now.committed()) {
                    unread.put(partition, now);
                }
            });
            consumer.assign(unread.keySet());
            unread.forEach((partition, one) -> consumer.seek(partition, one.kept()));
            findCommands(consumer, unread, compared.lost(), firstIsEnough);
        }
        return compared;
    }

    /** Between the two there may be nothing but markers of transactions, which are no commands, and what was aborted. */
    private void findCommands(
            KafkaConsumer<byte[], byte[]> consumer,
            Map<TopicPartition, Behind> unread,
            Map<Integer, Behind> found,
            boolean firstIsEnough) {
        Map<TopicPartition, Long> positions = new HashMap<>();
        long newsAt = System.nanoTime();
        while (!unread.isEmpty() && !(firstIsEnough && !found.isEmpty())) {
            for (ConsumerRecord<byte[], byte[]> command : consumer.poll(Duration.ofMillis(200))) {
                Behind behind = unread.get(new TopicPartition(command.topic(), command.partition()));
                if (behind != null && command.offset() < behind.committed()) {
                    found.put(command.partition(), behind);
                }
            }
            for (TopicPartition partition : List.copyOf(unread.keySet())) {
                long position = consumer.position(partition);
                if (!Objects.equals(positions.put(partition, position), position)) {
                    newsAt = System.nanoTime();
                }
                if (found.containsKey(partition.partition())
                        || position
                                >= Objects.requireNonNull(unread.get(partition)).committed()) {
                    unread.remove(partition);
                }
            }
            if (unread.size() < consumer.assignment().size()) {
                // What waits behind would come one by one, before anything of the others, and takes memory.
                consumer.assign(unread.keySet());
            }
            if (System.nanoTime() - newsAt > SCAN_WAIT.toNanos()) {
                if (!found.isEmpty()) {
                    // What is known is not kept back for what is not.
                    return;
                }
                throw new IllegalStateException(new TimeoutException(
                        "Kafka did not give the commands between the database's progress and the group's offsets; nothing came for "
                                + SCAN_WAIT.toSeconds() + " s: " + unread));
            }
        }
    }

    private IllegalStateException behind(SortedMap<Integer, Behind> lost, SortedMap<Integer, Behind> notKept) {
        SortedMap<Integer, Behind> all = new TreeMap<>(lost);
        all.putAll(notKept);
        StringBuilder message = new StringBuilder("THE DATABASE IS BEHIND KAFKA: ")
                .append(all.entrySet().stream()
                        .map(one -> "in partition " + topic.name() + "-" + one.getKey()
                                + " the group has committed offset "
                                + one.getValue().committed()
                                + ", but the database knows the commands only up to offset "
                                + one.getValue().next())
                        .collect(Collectors.joining("; ")))
                .append(". It was restored from a backup, or failed over to a standby that had not got everything."
                        + " Nothing is decided until this is settled: bring back the database that has these commits,"
                        + " or stop all processors of the group and accept what it has.");
        if (!lost.isEmpty()) {
            message.append(
                            " Have the lost commands that are still in the topic decided again, by moving the group back with ")
                    .append(lost.entrySet().stream()
                            .map(one -> "kafka-consumer-groups.sh --bootstrap-server "
                                    + settings.kafka().clientProperties().get(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG)
                                    + " --group " + settings.group() + " --reset-offsets --to-offset "
                                    + one.getValue().kept() + " --topic " + topic.name() + ":" + one.getKey()
                                    + " --execute")
                            .collect(Collectors.joining(" && ")))
                    .append(" (their answers may then differ from those that were given).");
        }
        if (!notKept.isEmpty()) {
            message.append(" Of what the database does not know, the topic no longer keeps ")
                    .append(notKept.entrySet().stream()
                            .map(one ->
                                    "what was before offset " + one.getValue().kept() + " of partition " + one.getKey())
                            .collect(Collectors.joining(", ")))
                    .append(
                            ", so nobody can tell whether there were commands or only markers of transactions. Go on"
                                    + " without it by INSERT INTO partition_progress (topic_id, partition, next_offset) VALUES ")
                    .append(notKept.entrySet().stream()
                            .map(one -> "('" + topicId + "', " + one.getKey() + ", "
                                    + one.getValue().kept() + ")")
                            .collect(Collectors.joining(", ")))
                    .append(" ON CONFLICT (topic_id, partition) DO UPDATE SET next_offset ="
                            + " greatest(partition_progress.next_offset, excluded.next_offset);");
        }
        // The way to accept what the database has where the servers are there only while a processor is.
        message.append(" With ./booking start, whose broker and database end with it, start it with"
                        + " BOOKING_PROCESSOR_GROUP=")
                .append(settings.group())
                .append("-2, now and from then on: docs/operations.md says what that repeats.");
        return new IllegalStateException(message.toString());
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        Map<String, Object> properties = new HashMap<>(settings.kafka().clientProperties());
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        // What is deleted meanwhile must not be passed over.
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        // The first of a partition says enough.
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
