package booking.processor.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import booking.configuration.KafkaSettings;
import booking.configuration.SettingsException;
import booking.schemas.topic.TopicDefinitions;
import booking.schemas.topic.TopicNames;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SetupSettingsTest {

    @Test
    void withoutVariablesEverySettingHasItsDefault() {
        assertThat(SetupSettings.from(Map.of()))
                .isEqualTo(new SetupSettings(
                        new KafkaSettings(Map.of("bootstrap.servers", "127.0.0.1:9092")),
                        new TopicDefinitions(TopicNames.DEFAULT, 12, (short) 1, 1, Duration.ofDays(7)),
                        "jdbc:postgresql://127.0.0.1:5432/booking",
                        "booking_owner",
                        Optional.empty(),
                        "booking_app",
                        "booking_read"));
    }

    @Test
    void variablesChangeSettings() {
        SetupSettings settings = SetupSettings.from(Map.of(
                "BOOKING_TOPICS_PREFIX", "other",
                "BOOKING_TOPICS_PARTITIONS", "48",
                "BOOKING_TOPICS_REPLICATION_FACTOR", "3",
                "BOOKING_TOPICS_MIN_INSYNC_REPLICAS", "2",
                "BOOKING_TOPICS_RETENTION", "30d",
                "BOOKING_DATABASE_URL", "jdbc:postgresql://db/other",
                "BOOKING_SETUP_DATABASE_USER", "owner",
                "BOOKING_SETUP_DATABASE_PASSWORD", "hunter2",
                "BOOKING_SETUP_APPLICATION_ROLE", "writer",
                "BOOKING_SETUP_READER_ROLE", "reader"));

        assertThat(settings)
                .isEqualTo(new SetupSettings(
                        new KafkaSettings(Map.of("bootstrap.servers", "127.0.0.1:9092")),
                        new TopicDefinitions(TopicNames.withPrefix("other"), 48, (short) 3, 2, Duration.ofDays(30)),
                        "jdbc:postgresql://db/other",
                        "owner",
                        Optional.of("hunter2"),
                        "writer",
                        "reader"));
        assertThat(settings.toString()).doesNotContain("hunter2");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    BOOKING_KAFKA_BOOTSTRAP_SERVERS    | nowhere     | one or more host:port, separated by commas (default: 127.0.0.1:9092)
                    BOOKING_TOPICS_PREFIX              | a/b         | 1 to 200 of A-Z a-z 0-9 . _ - (default: booking)
                    BOOKING_TOPICS_PARTITIONS          | 0           | a whole number from 1 to 10000 (default: 12)
                    BOOKING_TOPICS_REPLICATION_FACTOR  | 33          | a whole number from 1 to 32 (default: 1)
                    BOOKING_TOPICS_MIN_INSYNC_REPLICAS | 0           | a whole number from 1 to 32 (default: 1)
                    BOOKING_TOPICS_MIN_INSYNC_REPLICAS | 2           | at most the replication factor 1 (default: 1)
                    BOOKING_TOPICS_RETENTION           | 59s         | a duration from 60s to 3650d (default: 7d)
                    BOOKING_DATABASE_URL               | jdbc:h2:mem | the JDBC URL of a PostgreSQL database (default: jdbc:postgresql://127.0.0.1:5432/booking)
                    """)
    void aBadValueIsNamedWithWhatWouldBeRight(String variable, String value, String expected) {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> SetupSettings.from(Map.of(variable, value)))
                .satisfies(refusal -> assertThat(refusal.problems())
                        .containsExactly(variable + " is \"" + value + "\", must be " + expected));
    }
}
