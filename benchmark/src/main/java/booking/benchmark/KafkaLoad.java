package booking.benchmark;

import booking.schemas.command.CommandEncoder;
import booking.schemas.topic.TopicNames;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntUnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Writers of commands and a reader of committed results. */
final class KafkaLoad implements Load {
    private static final Duration POLL = Duration.ofMillis(50);
    private static final CommandEncoder ENCODER = new CommandEncoder();

    private final String commands;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> results;
    private final IntUnaryOperator underWayOf;
    private final Duration patience;

    /**
     * Writers to these topics.
     *
     * @param underWayOf how many commands so many clients have under way
     * @param patience how long there may be no result
     */
    KafkaLoad(String bootstrapServers, TopicNames topics, IntUnaryOperator underWayOf, Duration patience) {
        this.underWayOf = underWayOf;
        this.patience = patience;
        commands = topics.commands();
        producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                        ProducerConfig.LINGER_MS_CONFIG, 1,
                        ProducerConfig.BATCH_SIZE_CONFIG, 131_072),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        results = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        10_000),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = results.partitionsFor(topics.results()).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        results.assign(partitions);
        results.seekToEnd(partitions);
        partitions.forEach(results::position);
    }

    @Override
    public Tally run(Requests requests, Pace pace, Duration time) {
        Run run = new Run(requests, pace, time);
        Thread sender = new Thread(run::send, "sender");
        sender.start();
        try {
            run.receive();
        } finally {
            run.stop();
            join(sender);
        }
        return run.tally;
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchmarkException("interrupted", e);
        }
    }

    /** A request that waits for its result, when it was meant to be sent, and those with its id that were sent later. */
    private record Sent(Requests.Request request, long meantNanos, List<Sent> later) {
        Sent(Requests.Request request, long meantNanos) {
            this(request, meantNanos, List.of());
        }

        Sent before(Sent next) {
            List<Sent> all = new ArrayList<>(later);
            all.add(next);
            return new Sent(request, meantNanos, all);
        }

        @Nullable
        Sent next() {
            return later.isEmpty()
                    ? null
                    : new Sent(later.get(0).request, later.get(0).meantNanos, later.subList(1, later.size()));
        }
    }

    private final class Run {
        private static final long NOT_YET = -1;

        private final Requests requests;
        private final Pace pace;
        private final Duration time;
        private final Semaphore free;
        private final ResultText text;
        private final Tally tally = new Tally();
        private final Map<Integer, Sent> underWay = new ConcurrentHashMap<>();
        private final AtomicLong total = new AtomicLong(NOT_YET);
        private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        private final long start;
        private volatile boolean stop;

        Run(Requests requests, Pace pace, Duration time) {
            this.requests = requests;
            this.pace = pace;
            this.time = time;
            this.free = new Semaphore(pace instanceof Pace.Closed closed ? underWayOf.applyAsInt(closed.clients()) : 0);
            this.text = new ResultText(requests.salt());
            this.start = System.nanoTime();
            tally.begins(start);
        }

        void send() {
            try {
                sendAll();
            } catch (RuntimeException e) {
                failure.set(e);
            }
        }

        /** Ends the sending, also when it waits for results that do not come. */
        void stop() {
            stop = true;
            free.release();
        }

        private void sendAll() {
            long end = start + time.toNanos();
            long sent = 0;
            long now = start;
            while (!stop && now < end) {
                long meant = now;
                if (pace instanceof Pace.Open open) {
                    meant = start + open.dueNanos(sent);
                    if (meant >= end) {
                        break;
                    }
                    while (now < meant) {
                        LockSupport.parkNanos(meant - now);
                        now = System.nanoTime();
                    }
                } else {
                    free.acquireUninterruptibly();
                    meant = System.nanoTime();
                }
                send(meant);
                sent++;
                now = System.nanoTime();
            }
            total.set(sent);
        }

        private void send(long meant) {
            Requests.Request request = requests.next();
            // Results of one command id come in the order of its records, as they are all in one partition.
            underWay.merge(request.index(), new Sent(request, meant), Sent::before);
            var unused = producer.send(
                    new ProducerRecord<>(
                            commands,
                            request.command().eventId().getBytes(StandardCharsets.UTF_8),
                            ENCODER.encode(request.command())),
                    (at, failed) -> {
                        if (failed != null) {
                            failure.set(failed);
                        }
                    });
        }

        void receive() {
            long received = 0;
            long lastNews = System.nanoTime();
            while (total.get() == NOT_YET || received < total.get()) {
                Exception failed = failure.get();
                if (failed != null) {
                    throw new BenchmarkException("a command could not be written: " + failed, failed);
                }
                ConsumerRecords<byte[], byte[]> records = results.poll(POLL);
                long now = System.nanoTime();
                int ours = 0;
                for (ConsumerRecord<byte[], byte[]> record : records) {
                    if (take(record.value(), now)) {
                        ours++;
                    }
                }
                received += ours;
                if (pace instanceof Pace.Closed) {
                    free.release(ours);
                }
                if (ours > 0) {
                    lastNews = now;
                } else if (now - lastNews > patience.toNanos()) {
                    throw new BenchmarkException("no result for " + patience.toSeconds() + " s, while "
                            + underWay.size() + " commands wait for theirs");
                }
            }
        }

        private boolean take(byte[] result, long now) {
            int index = text.index(result);
            if (index < 0) {
                return false;
            }
            Sent sent = underWay.get(index);
            if (sent == null) {
                tally.complain("request " + index + " was answered more often than it was asked");
                return false;
            }
            underWay.computeIfPresent(index, (same, first) -> first.next());
            boolean accepted = ResultText.isAccepted(result);
            tally.answered(sent.request(), accepted ? Answer.ACCEPTED : Answer.REJECTED, sent.meantNanos(), now);
            if (accepted) {
                requests.accepted(sent.request());
            }
            return true;
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
        results.close();
    }
}
