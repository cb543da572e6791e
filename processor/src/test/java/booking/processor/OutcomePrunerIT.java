package booking.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import booking.processor.store.BookingDatabase;
import booking.processor.stream.CommandsTopic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Outcomes go when they are older than the setting and than the commands that the topic keeps, a batch at a time. */
class OutcomePrunerIT {
    private static final int BATCH = 1_000;

    private final BookingSystem system =
            new BookingSystem(Map.of("BOOKING_TOPICS_PARTITIONS", "1", "BOOKING_TOPICS_RETENTION", "7d"));
    private final ProcessorSettings settings = ProcessorSettings.from(system.environment());
    private final BookingDatabase database = new BookingDatabase(settings.database());
    private final CommandsTopic topic = new CommandsTopic(settings);

    @AfterEach
    void stop() {
        system.sql().sql("DELETE FROM outcomes WHERE result = ?").param(mark()).update();
        topic.close();
        database.close();
        system.close();
    }

    @Test
    void oldOnesGoABatchAtATimeTheOldestFirstAndYoungOnesStay() {
        insert(BATCH, "9 days");
        insert(BATCH + 500, "8 days");
        insert(10, "6 days 23 hours");
        insert(10, "0 days");
        try (OutcomePruner pruner = pruner(Duration.ofDays(7))) {
            assertThat(pruner.pruneBatch()).isEqualTo(BATCH);
            assertThat(countOlderThan("8 days 12 hours")).isZero();
            assertThat(countOlderThan("7 days")).isEqualTo(BATCH + 500);

            assertThat(pruner.pruneBatch()).isEqualTo(BATCH);
            assertThat(pruner.pruneBatch()).isEqualTo(500);
            assertThat(pruner.pruneBatch()).isZero();
        }
        assertThat(countOlderThan("-1 days")).isEqualTo(20);
    }

    @Test
    void noneGoesWhoseCommandTheTopicMayStillGiveAgain() {
        setTopicRetention(Duration.ofDays(30).toMillis());
        insert(10, "31 days");
        insert(10, "29 days");
        try (OutcomePruner pruner = pruner(Duration.ofDays(7))) {
            assertThat(pruner.pruneBatch()).isEqualTo(10);
        }
        assertThat(countOlderThan("28 days")).isEqualTo(10);
    }

    @Test
    void aSettingThatIsLongerThanTheTopicKeepsCommandsIsKeptTo() {
        insert(10, "31 days");
        insert(10, "29 days");
        try (OutcomePruner pruner = pruner(Duration.ofDays(30))) {
            assertThat(pruner.pruneBatch()).isEqualTo(10);
        }
        assertThat(countOlderThan("28 days")).isEqualTo(10);
    }

    @Test
    void noneGoesWhenTheTopicKeepsCommandsForever() {
        setTopicRetention(-1);
        insert(10, "3000 days");
        try (OutcomePruner pruner = pruner(Duration.ofDays(7))) {
            assertThat(pruner.pruneBatch()).isZero();
        }
        assertThat(countOlderThan("2999 days")).isEqualTo(10);
    }

    private OutcomePruner pruner(Duration retention) {
        return new OutcomePruner(database.store(), topic, retention);
    }

    private void setTopicRetention(long millis) {
        ConfigResource commands =
                new ConfigResource(ConfigResource.Type.TOPIC, system.topics().commands());
        BookingSystem.answered(system.admin()
                .incrementalAlterConfigs(Map.of(
                        commands,
                        List.of(new AlterConfigOp(
                                new ConfigEntry(TopicConfig.RETENTION_MS_CONFIG, Long.toString(millis)),
                                AlterConfigOp.OpType.SET))))
                .all());
        // Brokers hear of it a moment later.
        await().atMost(BookingSystem.PATIENCE)
                .until(() -> topic.retention().map(Duration::toMillis).orElse(-1L) == millis);
    }

    private void insert(int count, String age) {
        system.sql()
                .sql("INSERT INTO outcomes (command_id, fingerprint, decided_at, result)"
                        + " SELECT gen_random_uuid(), '', now() - ?::interval, ? FROM generate_series(1, ?)")
                .params(age, mark(), count)
                .update();
    }

    private long countOlderThan(String age) {
        return system.count(
                "SELECT count(*) FROM outcomes WHERE result = ? AND decided_at < now() - ?::interval", mark(), age);
    }

    /** Tells ours from those of other tests. */
    private String mark() {
        return system.topics().commands();
    }
}
