package booking.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import booking.configuration.DatabaseSettings;
import booking.configuration.KafkaSettings;
import booking.configuration.SettingsException;
import booking.configuration.TracingSettings;
import booking.processor.store.Locking;
import booking.schemas.topic.TopicNames;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcessorSettingsTest {

    @Test
    void withoutVariablesEverySettingHasItsDefault() {
        assertThat(ProcessorSettings.from(Map.of()))
                .isEqualTo(new ProcessorSettings(
                        new KafkaSettings(Map.of("bootstrap.servers", "127.0.0.1:9092")),
                        TopicNames.DEFAULT,
                        new DatabaseSettings(
                                "jdbc:postgresql://127.0.0.1:5432/booking", "booking_app", Optional.empty(), 4),
                        Locking.OPTIMISTIC,
                        "booking-processor",
                        2,
                        4_000,
                        Duration.ofMillis(5),
                        Duration.ofSeconds(6),
                        Duration.ofDays(7),
                        Duration.ofMillis(250),
                        Duration.ofMinutes(10),
                        Duration.ofSeconds(1),
                        "127.0.0.1",
                        8081,
                        new TracingSettings(Map.of())));
    }

    @Test
    void variablesChangeSettings() {
        ProcessorSettings settings = ProcessorSettings.from(Map.ofEntries(
                Map.entry("BOOKING_LOCKING", "pessimistic"),
                Map.entry("BOOKING_PROCESSOR_GROUP", "others"),
                Map.entry("BOOKING_DATABASE_POOL_SIZE", "9"),
                Map.entry("BOOKING_PROCESSOR_THREADS", "8"),
                Map.entry("BOOKING_PROCESSOR_MAX_BATCH", "1"),
                Map.entry("BOOKING_PROCESSOR_POLL_PAUSE", "0ms"),
                Map.entry("BOOKING_PROCESSOR_SESSION_TIMEOUT", "45s"),
                Map.entry("BOOKING_OUTCOMES_RETENTION", "30d"),
                Map.entry("BOOKING_PROCESSOR_FOLLOW_UP_PAUSE", "1s"),
                Map.entry("BOOKING_WAITLIST_OFFER", "1d"),
                Map.entry("BOOKING_PROCESSOR_SLOW_BATCH", "300ms"),
                Map.entry("OTEL_TRACES_EXPORTER", "otlp"),
                Map.entry("OTEL_SERVICE_NAME", " "),
                Map.entry("BOOKING_PROCESSOR_HEALTH_HOST", "0.0.0.0"),
                Map.entry("BOOKING_PROCESSOR_HEALTH_PORT", "0")));

        assertThat(settings)
                .isEqualTo(new ProcessorSettings(
                        new KafkaSettings(Map.of("bootstrap.servers", "127.0.0.1:9092")),
                        TopicNames.DEFAULT,
                        new DatabaseSettings(
                                "jdbc:postgresql://127.0.0.1:5432/booking", "booking_app", Optional.empty(), 9),
                        Locking.PESSIMISTIC,
                        "others",
                        8,
                        1,
                        Duration.ZERO,
                        Duration.ofSeconds(45),
                        Duration.ofDays(30),
                        Duration.ofSeconds(1),
                        Duration.ofHours(24),
                        Duration.ofMillis(300),
                        "0.0.0.0",
                        0,
                        new TracingSettings(Map.of("OTEL_TRACES_EXPORTER", "otlp"))));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    BOOKING_KAFKA_BOOTSTRAP_SERVERS   | nowhere     | one or more host:port, separated by commas (default: 127.0.0.1:9092)
                    BOOKING_TOPICS_PREFIX             | a/b         | 1 to 200 of A-Z a-z 0-9 . _ - (default: booking)
                    BOOKING_DATABASE_URL              | jdbc:h2:mem | the JDBC URL of a PostgreSQL database (default: jdbc:postgresql://127.0.0.1:5432/booking)
                    BOOKING_DATABASE_POOL_SIZE        | 0           | a whole number from 1 to 100 (default: 4)
                    BOOKING_LOCKING                   | hopeful     | one of optimistic, pessimistic (default: optimistic)
                    BOOKING_PROCESSOR_THREADS         | two         | a whole number from 1 to 64 (default: 2)
                    BOOKING_PROCESSOR_THREADS         | 4           | below the pool size 4, so that readiness does not wait for a connection (default: 2)
                    BOOKING_PROCESSOR_MAX_BATCH       | 20001       | a whole number from 1 to 20000 (default: 4000)
                    BOOKING_PROCESSOR_POLL_PAUSE      | 2s          | a duration from 0s to 1s (default: 5ms)
                    BOOKING_PROCESSOR_SESSION_TIMEOUT | 999ms       | a duration from 1s to 300s (default: 6s)
                    BOOKING_PROCESSOR_HEALTH_PORT     | 65536       | a whole number from 0 to 65535 (default: 8081)
                    BOOKING_PROCESSOR_FOLLOW_UP_PAUSE | 1ms         | a duration from 10ms to 10s (default: 250ms)
                    BOOKING_PROCESSOR_SLOW_BATCH      | 0ms         | a duration from 1ms to 3600s (default: 1s)
                    BOOKING_LOG_FORMAT                | JSON        | text or json (default: text)
                    BOOKING_LOG_LEVEL                 | loud        | one of error, warn, info, debug (default: info)
                    BOOKING_WAITLIST_OFFER            | 25h         | a duration from 1s to 1d (default: 10m)
                    BOOKING_OUTCOMES_RETENTION        | -1d         | a duration from 60s to 3650d (default: 7d)
                    """)
    void aBadValueIsNamedWithWhatWouldBeRight(String variable, String value, String expected) {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> ProcessorSettings.from(Map.of(variable, value)))
                .satisfies(refusal -> assertThat(refusal.problems())
                        .containsExactly(variable + " is \"" + value + "\", must be " + expected));
    }
}
