package booking.auditor;

import booking.schemas.result.Reason;
import booking.schemas.topic.HeaderNames;
import booking.schemas.topic.TopicNames;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.type.StringDataType;
import org.jspecify.annotations.Nullable;

/** All results and dead letters, by the record of the commands topic that they say to be about. */
final class Dispositions implements AutoCloseable {
    private static final byte[] EMPTY = {};

    /** Two are one too many, and a processor gone wild can publish without end. */
    private static final int MOST_OF_ONE = 10;

    /** In the map of homes: commands for this event stand in several partitions. */
    private static final int SEVERAL = -1;

    private final TopicNames topics;
    private final Findings findings;
    private final Scratch scratch;
    private final LogReader reader;
    private final Pattern source;
    private final MVMap<Source, Disposition> bySource;
    private final MVMap<String, Integer> homes;
    private final Map<TopicPartition, Long> beginnings;
    private final Map<Integer, Long> answeredBefore = new HashMap<>();
    private final int commandPartitions;
    private final Map<Lane, Long> lastAnswered = new HashMap<>();
    private final long deadline;
    private boolean awaited;

    /**
     * A record of the commands topic.
     *
     * @param number of the disposition, from 0, if there are several
     */
    record Source(int partition, long offset, int number) implements Comparable<Source> {
        private static final Comparator<Source> ORDER = Comparator.comparingInt(Source::partition)
                .thenComparingLong(Source::offset)
                .thenComparingInt(Source::number);

        static final ScratchType<Source> TYPE = new ScratchType<>(
                40,
                (to, source) ->
                        to.putVarInt(source.partition).putVarLong(source.offset).putVarInt(source.number),
                from -> new Source(DataUtils.readVarInt(from), DataUtils.readVarLong(from), DataUtils.readVarInt(from)),
                ORDER);

        @Override
        public int compareTo(Source other) {
            return ORDER.compare(this, other);
        }
    }

    /** The results in one partition about commands of one partition. They are published in the order of these. */
    private record Lane(int results, int commands) {}

    Dispositions(AuditSettings settings, Scratch scratch, Findings findings) {
        this.topics = settings.topics();
        this.findings = findings;
        this.scratch = scratch;
        this.deadline = System.nanoTime() + settings.patience().toNanos();
        this.source = Pattern.compile("/" + Pattern.quote(topics.commands()) + "/([0-9]{1,9})/([0-9]{1,18})");
        this.bySource = scratch.map("dispositions", Source.TYPE, Disposition.TYPE);
        this.homes = scratch.map(
                "homes",
                StringDataType.INSTANCE,
                new ScratchType<>(24, (to, partition) -> to.putInt(partition), java.nio.ByteBuffer::getInt));
        this.reader = new LogReader(settings);
        this.commandPartitions = reader.partitions(topics.commands()).size();
        this.beginnings = reader.beginnings(reader.partitions(topics.results(), topics.deadLetters()));
        reader.start(beginnings);
    }

    /** Whether nothing has been deleted yet of what was published. */
    boolean areComplete() {
        return beginnings.values().stream().allMatch(beginning -> beginning == 0);
    }

    /** Reads what is published by now; gives how much there was. */
    long readOn() {
        long[] read = {0};
        reader.readTo(reader.ends(beginnings.keySet()), record -> {
            read[0]++;
            add(record);
        });
        return read[0];
    }

    /**
     * What was published about this record, which was decided before the audit began. It may be published a little later, so
     * it is waited for; but all such records together only once, or a system at work would never be done with.
     */
    List<Disposition> of(int partition, long offset) {
        List<Disposition> found = published(partition, offset);
        while (found.isEmpty() && !awaited) {
            Pause.briefly();
            awaited = System.nanoTime() > deadline;
            readOn();
            found = published(partition, offset);
        }
        return found;
    }

    /** What has been read so far that was published about this record. */
    List<Disposition> published(int partition, long offset) {
        List<Disposition> found = new ArrayList<>();
        Disposition next = bySource.get(new Source(partition, offset, 0));
        while (next != null) {
            found.add(next);
            next = bySource.get(new Source(partition, offset, found.size()));
        }
        return found;
    }

    /** The first disposition of a record at or after this one; empty when there is none in this partition. */
    Optional<Source> nextFrom(int partition, long offset) {
        return Optional.ofNullable(bySource.ceilingKey(new Source(partition, offset, 0)))
                .filter(next -> next.partition == partition);
    }

    /** The first disposition of a record in this partition or a later one. */
    Optional<Source> nextFrom(int partition) {
        return Optional.ofNullable(bySource.ceilingKey(new Source(partition, 0, 0)));
    }

    /** Whether commands for this event were decided in several partitions, so that nobody can tell their order. */
    boolean isSpread(String eventId) {
        return Objects.requireNonNullElse(homes.get(eventId), 0) == SEVERAL;
    }

    /** How many events are. */
    long spreadEvents() {
        return homes.values().stream().filter(home -> home == SEVERAL).count();
    }

    /** From now on, another disposition of a record below these offsets is one too many. */
    void allBelowHaveTheirs(Map<Integer, Long> offsets) {
        answeredBefore.putAll(offsets);
    }

    private void add(ConsumerRecord<byte[], byte[]> record) {
        scratch.tick();
        boolean isResult = record.topic().equals(topics.results());
        Optional<Source> about = isResult ? sourceOfResult(record) : sourceOfDeadLetter(record);
        Disposition disposition = isResult ? result(record) : deadLetter(record);
        if (about.isEmpty()) {
            findings.violation(
                    Promise.ANSWERS,
                    Offender.of(
                            "the record of " + topics.commands() + " that it is about", disposition + " names none"));
            return;
        }
        Source key = about.get();
        if (key.offset < answeredBefore.getOrDefault(key.partition, 0L)) {
            findings.violation(
                    Promise.ANSWERS,
                    Offender.at(
                            key.partition,
                            key.offset,
                            Optional.empty(),
                            "one disposition",
                            disposition + " came after the others"));
        }
        // Another for the same command is one too many, wherever it is.
        if (isResult && !bySource.containsKey(key)) {
            requireAfterTheOthers(key, disposition);
        }
        while (key.number < MOST_OF_ONE && bySource.putIfAbsent(key, disposition) != null) {
            key = new Source(key.partition, key.offset, key.number + 1);
        }
        if (disposition.isResult() && isDecisionAboutAnEvent(disposition, key)) {
            String eventId = Objects.requireNonNullElse(disposition.field(ResultFields.EVENT_ID), "");
            Integer home = homes.putIfAbsent(eventId, key.partition);
            if (home != null && home != SEVERAL && home != key.partition) {
                homes.put(eventId, SEVERAL);
            }
        }
    }

    /** All results of an event are in one partition, so readers see them in the order of the decisions. */
    private void requireAfterTheOthers(Source source, Disposition result) {
        if (source.partition >= commandPartitions) {
            return;
        }
        Lane lane = new Lane(result.partition(), source.partition);
        long last = Objects.requireNonNullElse(lastAnswered.get(lane), -1L);
        if (source.offset < last) {
            findings.violation(
                    Promise.ORDER,
                    Offender.at(
                            source.partition,
                            source.offset,
                            result.commandId(),
                            "its result before that of offset " + last,
                            result + " comes after it"));
        }
        lastAnswered.put(lane, Math.max(last, source.offset));
    }

    /** Whether the event's state was looked at for it: not for a repetition, nor for what is no command. */
    private static boolean isDecisionAboutAnEvent(Disposition result, Source source) {
        return result.names(source.partition, source.offset)
                && !(result.isRefusedFor(Reason.INVALID_COMMAND.name()) && result.field(ResultFields.VERSION) == null)
                && !result.isRefusedFor(Reason.COMMAND_ID_REUSED.name());
    }

    private Optional<Source> sourceOfResult(ConsumerRecord<byte[], byte[]> record) {
        Matcher matcher = source.matcher(header(record, HeaderNames.SOURCE));
        return matcher.matches()
                ? Optional.of(new Source(Integer.parseInt(matcher.group(1)), Long.parseLong(matcher.group(2)), 0))
                : Optional.empty();
    }

    private Optional<Source> sourceOfDeadLetter(ConsumerRecord<byte[], byte[]> record) {
        if (!header(record, DeadLetterContent.ERRORS + "topic").equals(topics.commands())) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Source(
                            Integer.parseInt(header(record, DeadLetterContent.ERRORS + "partition")),
                            Long.parseLong(header(record, DeadLetterContent.ERRORS + "offset")),
                            0))
                    .filter(named -> named.partition >= 0 && named.offset >= 0);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static Disposition result(ConsumerRecord<byte[], byte[]> record) {
        byte[] value = orEmpty(record.value());
        Optional<Map<String, String>> fields = ResultFields.read(orEmpty(record.key()), value);
        return new Disposition(
                fields.isPresent() ? Disposition.Kind.RESULT : Disposition.Kind.NO_RESULT,
                record.partition(),
                record.offset(),
                Digest.of(value),
                fields.orElse(Map.of()));
    }

    private static Disposition deadLetter(ConsumerRecord<byte[], byte[]> record) {
        return new Disposition(
                Disposition.Kind.DEAD_LETTER,
                record.partition(),
                record.offset(),
                DeadLetterContent.of(record),
                Map.of());
    }

    private static byte[] orEmpty(byte @Nullable [] bytes) {
        return bytes == null ? EMPTY : bytes;
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null || header.value() == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        reader.close();
    }
}
