package booking.processor.followup;

import booking.processor.ProcessorSettings;
import booking.processor.store.BookingStore;
import booking.processor.store.Lines;
import booking.schemas.command.Command;
import booking.schemas.command.CommandEncoder;
import booking.schemas.command.ExpireHold;
import booking.schemas.topic.CloudEventHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the tables several times a second, and writes the commands that follow into the commands topic, where they
 * stand in line with everybody else's. It keeps nothing that matters: what it forgets, it finds again.
 */
public final class FollowUpWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FollowUpWriter.class);
    private static final CommandEncoder ENCODER = new CommandEncoder();

    private static final int MOST_HOLDS_AT_ONCE = 2_000;
    private static final int MOST_EVENTS_AT_ONCE = 200;
    /** All that one look can find, so that what waits to be decided is not written again by the next. */
    private static final int MOST_REMEMBERED =
            MOST_HOLDS_AT_ONCE + MOST_EVENTS_AT_ONCE * FollowUps.MOST_OFFERS_FOR_ONE_EVENT;

    private static final String SOURCE = "/booking/processor";
    private static final Duration SEND_WAIT = Duration.ofSeconds(10);

    private final BookingStore store;
    private final String topic;
    private final FollowUps followUps;
    private final Duration pause;
    private final Producer<byte[], byte[]> producer;
    private final Set<UUID> written = Collections.synchronizedSet(Collections.newSetFromMap(new Newest()));
    private final ScheduledExecutorService worker = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "follow-ups");
        thread.setDaemon(true);
        return thread;
    });
    /** Events whose lines nobody can be served from, as all want more than is free, must not hide the others. */
    private String lookedAtUpTo = "";

    private boolean failing;
    private final LongAdder endsWritten = new LongAdder();
    private final LongAdder offersWritten = new LongAdder();

    public FollowUpWriter(ProcessorSettings settings, BookingStore store) {
        this.store = store;
        this.topic = settings.topics().commands();
        this.followUps = new FollowUps(settings.waitlistOffer());
        this.pause = settings.followUpPause();
        Map<String, Object> properties = new HashMap<>(settings.kafka().clientProperties());
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 5);
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, SEND_WAIT.toMillis());
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.toIntExact(SEND_WAIT.toMillis() / 2));
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Math.toIntExact(SEND_WAIT.toMillis()));
        this.producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Starts to look; returns at once. */
    public void start() {
        // Processors that were started together do not look together, and the first to look leaves the others little.
        long first = ThreadLocalRandom.current().nextLong(pause.toMillis() + 1);
        var unused = worker.scheduleWithFixedDelay(this::look, first, pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** How many commands that end a hold Kafka has taken so far. */
    public long endsWritten() {
        return endsWritten.sum();
    }

    /** How many holds for somebody who waited Kafka has taken so far. */
    public long offersWritten() {
        return offersWritten.sum();
    }

    private void look() {
        try {
            Instant now = Instant.now();
            followUps.ends(store.runOutHolds(MOST_HOLDS_AT_ONCE), now).forEach(this::write);
            Lines lines = store.linesToServe(lookedAtUpTo, MOST_EVENTS_AT_ONCE);
            followUps.offers(lines, now).forEach(this::write);
            lookedAtUpTo = lines.events().size() == MOST_EVENTS_AT_ONCE
                    ? lines.events().get(MOST_EVENTS_AT_ONCE - 1).id()
                    : "";
            if (failing) {
                LOG.info("Holds that run out are looked for again");
            }
            failing = false;
        } catch (RuntimeException e) {
            if (!failing) {
                LOG.warn("Holds that run out could not be looked for; trying again", e);
            }
            failing = true;
        }
    }

    private void write(Command command) {
        if (!written.add(command.commandId())) {
            return;
        }
        byte[] key = command.eventId().getBytes(StandardCharsets.UTF_8);
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                topic, null, key, ENCODER.encode(command), CloudEventHeaders.ofCommand(command, SOURCE));
        var unused = producer.send(record, (position, failure) -> {
            if (failure == null) {
                (command instanceof ExpireHold ? endsWritten : offersWritten).increment();
            } else {
                LOG.atWarn()
                        .setMessage("What follows could not be written; trying again")
                        .addKeyValue("type", command.type().wireName())
                        .addKeyValue("commandId", command.commandId())
                        .addKeyValue("eventId", command.eventId())
                        .setCause(failure)
                        .log();
                written.remove(command.commandId());
            }
        });
    }

    @Override
    public void close() {
        worker.shutdownNow();
        producer.close(Duration.ofSeconds(1));
    }

    /** A map that forgets its oldest entries. */
    private static final class Newest extends LinkedHashMap<UUID, Boolean> {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, Boolean> eldest) {
            return size() > MOST_REMEMBERED;
        }
    }
}
