package booking.processor.stream;

import booking.processor.ProcessorSettings;
import booking.processor.store.BookingStore;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What has to hold before the first command is decided. */
public final class StartChecks {
    private static final Logger LOG = LoggerFactory.getLogger(StartChecks.class);

    private final ProcessorSettings settings;
    private final CommandsTopic topic;
    private final UUID topicId;
    private final BookingStore store;
    private final ProgressComparison progress;

    /** @param topicId of the commands topic */
    public StartChecks(
            ProcessorSettings settings,
            CommandsTopic topic,
            UUID topicId,
            BookingStore store,
            ProgressComparison progress) {
        this.settings = settings;
        this.topic = topic;
        this.topicId = topicId;
        this.store = store;
        this.progress = progress;
    }

    /**
     * Refuses to go on when a topic is missing, when the commands' time is not the broker's, when the database is behind
     * Kafka, or when Kafka has lost commands that the database has decided.
     *
     * @throws IllegalStateException when something does not hold; the message says what to do
     */
    public void run() {
        // Without them nothing could be answered, and nothing would be heard of it for a long time.
        topic.requireTopic(settings.topics().results());
        topic.requireTopic(settings.topics().availability());
        topic.requireTopic(settings.topics().deadLetters());
        requireBrokersTime();
        // The offsets first: other instances may be at work, and move the progress before them.
        Map<Integer, Long> offsets = topic.committedOffsets();
        Map<Integer, Long> decided = store.progress(topicId);
        // Then where the log ends: what it has lost cannot be compared.
        progress.requireLogReaches(decided);
        progress.requireNotBehind(offsets, decided);
        tellOfUndecided(offsets, decided);
        tellOfRepetitions(offsets, decided);
    }

    /** What the topic deletes before it was decided gets no answer any more. All that can be done is to say so. */
    private void tellOfUndecided(Map<Integer, Long> offsets, Map<Integer, Long> decided) {
        Map<Integer, Long> next = new HashMap<>(decided);
        offsets.forEach((partition, offset) -> next.merge(partition, offset, Math::max));
        topic.beginnings(next.keySet()).forEach((partition, beginning) -> {
            if (beginning > next.getOrDefault(partition, 0L)) {
                LOG.atError()
                        .setMessage(
                                "The topic has deleted what nobody had decided; commands among it get no answer. It keeps"
                                        + " them for a shorter time than processors were away, or behind")
                        .addKeyValue("partition", partition)
                        .addKeyValue("decidedUpTo", next.get(partition))
                        .addKeyValue("deletedUpTo", beginning)
                        .log();
            }
        });
    }

    /** Only the group knows what was published, and without its word all is published that the topic still has. */
    private void tellOfRepetitions(Map<Integer, Long> offsets, Map<Integer, Long> decided) {
        Set<Integer> unknown = new TreeSet<>(decided.keySet());
        unknown.removeAll(offsets.keySet());
        unknown.removeIf(partition -> decided.getOrDefault(partition, 0L) == 0);
        if (!unknown.isEmpty()) {
            LOG.atWarn()
                    .setMessage(
                            "The group has committed nothing of partitions whose commands are decided: those that the"
                                    + " topic still has are answered once more, with the same answers. That is so with another"
                                    + " group (BOOKING_PROCESSOR_GROUP), or when the brokers no longer keep its offsets")
                    .addKeyValue("group", settings.group())
                    .addKeyValue("partitions", unknown)
                    .log();
        }
    }

    private void requireBrokersTime() {
        String type = topic.timestampType();
        if (!type.equals("LogAppendTime")) {
            throw new IllegalStateException("topic " + topic.name() + " has message.timestamp.type=" + type
                    + ", so senders could choose the time of their commands; set it to LogAppendTime");
        }
    }
}
