package booking.processor.setup;

import booking.configuration.KafkaSettings;
import booking.processor.store.DatabaseStart;
import booking.schemas.topic.TopicDefinitions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.retry.RetryException;
import org.springframework.core.retry.RetryListener;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.core.retry.RetryTemplate;
import org.springframework.core.retry.Retryable;

/** Makes tables and topics, or brings them up to this version. Running it again changes nothing. */
public final class Setup {
    private static final Logger LOG = LoggerFactory.getLogger(Setup.class);
    private static final int WAIT_SECONDS = 30;
    /** For brokers that are only starting: those of a cluster may come a minute apart. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private Setup() {}

    /**
     * Makes what is missing.
     *
     * @throws IllegalStateException when the database does not let us in, or a topic exists with another number of
     *     partitions or cannot be made
     */
    public static void run(SetupSettings settings) {
        makeTables(
                settings.databaseUrl(),
                settings.databaseUser(),
                settings.databasePassword(),
                settings.applicationRole(),
                settings.readerRole());
        createTopics(settings.kafka(), settings.topics(), PATIENCE);
    }

    /**
     * Makes the tables alone, or brings them up to this version.
     *
     * @param owner who makes them, and owns them then
     * @param applicationRole who may read and write
     * @param readerRole who may only read
     * @throws IllegalStateException when the database does not let the owner in
     */
    public static void makeTables(
            String url, String owner, Optional<String> password, String applicationRole, String readerRole) {
        DatabaseStart.await(url, owner, password);
        int migrations = Flyway.configure(Setup.class.getClassLoader())
                .dataSource(url, owner, password.orElse(""))
                .locations("classpath:booking/processor/store/migrations")
                .placeholders(Map.of("applicationRole", applicationRole, "readerRole", readerRole))
                .load()
                .migrate()
                .migrationsExecuted;
        LOG.info("The tables are up to date; migrations run: {}", migrations);
    }

    static void createTopics(KafkaSettings kafka, TopicDefinitions topics, Duration patience) {
        Map<String, Object> clientProperties = new HashMap<>(kafka.clientProperties());
        clientProperties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, WAIT_SECONDS * 1000);
        try (Admin admin = Admin.create(clientProperties)) {
            List<NewTopic> missing = new ArrayList<>();
            for (NewTopic topic : topics.newTopics()) {
                if (!exists(admin, topic)) {
                    missing.add(topic);
                }
            }
            patiently("the topics cannot be made", patience, () -> create(admin, missing));
            patiently("the topics are made but cannot be written", patience, () -> awaitLeaders(admin, missing));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while making the topics", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the topics cannot be made: " + e.getMessage(), e);
        }
    }

    private static boolean exists(Admin admin, NewTopic topic)
            throws InterruptedException, ExecutionException, TimeoutException {
        try {
            TopicDescription found = admin.describeTopics(List.of(topic.name()))
                    .allTopicNames()
                    .get(WAIT_SECONDS, TimeUnit.SECONDS)
                    .get(topic.name());
            if (found != null && found.partitions().size() != topic.numPartitions()) {
                throw new IllegalStateException("the number of partitions of topic " + topic.name() + " is "
                        + found.partitions().size() + ", not " + topic.numPartitions()
                        + "; partitions are never changed in place, as keys would move: set BOOKING_TOPICS_PARTITIONS to "
                        + "what the topic has, or move to a new set of topics with BOOKING_TOPICS_PREFIX");
            }
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return false;
            }
            throw e;
        }
    }

    private static void create(Admin admin, List<NewTopic> missing)
            throws InterruptedException, ExecutionException, TimeoutException {
        for (var creation : admin.createTopics(missing).values().entrySet()) {
            try {
                creation.getValue().get(WAIT_SECONDS, TimeUnit.SECONDS);
                LOG.info("Topic {} is made", creation.getKey());
            } catch (ExecutionException e) {
                // Somebody else runs this step too, and was first.
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw e;
                }
            }
        }
    }

    /**
     * A partition that was just made refuses writes until its leader knows of it. Of an idempotent producer's first
     * batches it can then take a later one before the first, and the first never again.
     */
    private static void awaitLeaders(Admin admin, List<NewTopic> made)
            throws InterruptedException, ExecutionException, TimeoutException {
        Map<TopicPartition, OffsetSpec> partitions = new HashMap<>();
        for (NewTopic topic : made) {
            for (int partition = 0; partition < topic.numPartitions(); partition++) {
                partitions.put(new TopicPartition(topic.name(), partition), OffsetSpec.latest());
            }
        }
        // Only a leader answers this.
        admin.listOffsets(partitions).all().get(WAIT_SECONDS, TimeUnit.SECONDS);
    }

    /** Something that the brokers are asked to do. */
    private interface Request {
        void send() throws InterruptedException, ExecutionException, TimeoutException;
    }

    /** Sends it again while the brokers refuse it for a reason that passes. */
    private static void patiently(String problem, Duration patience, Request request) {
        RetryTemplate retries = new RetryTemplate(RetryPolicy.builder()
                .maxRetries(Long.MAX_VALUE)
                .timeout(patience)
                .delay(Duration.ofMillis(100))
                .predicate(failure -> isPassing(failure.getCause()))
                .build());
        AtomicBoolean isTold = new AtomicBoolean();
        retries.setRetryListener(new RetryListener() {
            @Override
            public void onRetryFailure(RetryPolicy policy, Retryable<?> retryable, Throwable failure) {
                // What else passes does so within moments.
                if (failure.getCause() instanceof InvalidReplicationFactorException tooFew && !isTold.getAndSet(true)) {
                    LOG.warn("Waiting for more brokers, for up to {} s: {}", patience.toSeconds(), tooFew.getMessage());
                }
            }
        });
        try {
            retries.execute(() -> {
                request.send();
                return true;
            });
        } catch (RetryException e) {
            Throwable last = Objects.requireNonNullElse(e.getCause(), e);
            throw new IllegalStateException(problem + ": " + last.getMessage(), last);
        }
    }

    private static boolean isPassing(@Nullable Throwable refusal) {
        // Not every broker that is asked knows of a new topic yet.
        return refusal instanceof RetriableException
                // Brokers that are started together come one by one, and each copy wants one of its own.
                || refusal instanceof InvalidReplicationFactorException;
    }
}
