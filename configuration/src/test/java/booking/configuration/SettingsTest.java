package booking.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import booking.schemas.topic.TopicNames;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
    private static final String EXAMPLE = "booking/configuration/example.conf";

    private enum Color {
        RED,
        LIGHT_BLUE
    }

    private record Example(
            KafkaSettings kafka,
            TopicNames topics,
            DatabaseSettings database,
            int seats,
            Duration longestWait,
            Color color,
            boolean loud,
            Optional<String> apiToken) {
        static Example from(Map<String, String> environment) {
            return Settings.load(EXAMPLE, environment, settings -> {
                Example example = new Example(
                        KafkaSettings.from(settings),
                        TopicSettings.from(settings).names(),
                        DatabaseSettings.from(settings),
                        settings.integer("seats", 1, 100),
                        settings.duration("longest-wait", Duration.ofMillis(1), Duration.ofDays(7)),
                        settings.choice("color", Color.class),
                        settings.bool("loud"),
                        settings.optionalText("api-token"));
                if (example.loud() && example.seats() > 50) {
                    settings.reject("seats", "at most 50 when loud");
                }
                return example;
            });
        }
    }

    @Test
    void withoutVariablesEverySettingHasItsDefault() {
        Example example = Example.from(Map.of());

        assertThat(example)
                .isEqualTo(new Example(
                        new KafkaSettings(Map.of("bootstrap.servers", "127.0.0.1:9092")),
                        TopicNames.DEFAULT,
                        new DatabaseSettings("jdbc:postgresql://127.0.0.1:5432/booking", "reader", Optional.empty(), 2),
                        10,
                        Duration.ofSeconds(5),
                        Color.LIGHT_BLUE,
                        false,
                        Optional.empty()));
    }

    @Test
    void variablesChangeSettings() {
        Example example = Example.from(Map.of(
                "BOOKING_SEATS", "20",
                "BOOKING_LONGEST_WAIT", "250ms",
                "BOOKING_COLOR", "RED",
                "BOOKING_LOUD", "true",
                "BOOKING_API_TOKEN", "t",
                "BOOKING_TOPICS_PREFIX", "booking-2",
                "BOOKING_DATABASE_USER", "somebody",
                "BOOKING_DATABASE_PASSWORD", "p",
                "PATH", "/bin"));

        assertThat(example.seats()).isEqualTo(20);
        assertThat(example.longestWait()).isEqualTo(Duration.ofMillis(250));
        assertThat(example.color()).isEqualTo(Color.RED);
        assertThat(example.loud()).isTrue();
        assertThat(example.apiToken()).contains("t");
        assertThat(example.topics().commands()).isEqualTo("booking-2-commands");
        assertThat(example.database().user()).isEqualTo("somebody");
        assertThat(example.database().password()).contains("p");
    }

    @Test
    void aBlankVariableCountsAsNotSet() {
        assertThat(Example.from(Map.of("BOOKING_SEATS", " ", "BOOKING_DATABASE_PASSWORD", "")))
                .isEqualTo(Example.from(Map.of()));
    }

    @Test
    void theProcessOwnEnvironmentIsNotLookedAt() {
        assertThat(Variables.namedIn("booking/configuration/foreign.conf")).containsExactly("PATH");
        assertThat(new Variables(Map.of())
                        .resolve("booking/configuration/foreign.conf")
                        .hasPath("path"))
                .isFalse();
    }

    @Test
    void everyBadValueIsToldAtOnceOneLineEach() {
        Map<String, String> environment = Map.of(
                "BOOKING_SEATS", "many",
                "BOOKING_LONGEST_WAIT", "8d",
                "BOOKING_COLOR", "green",
                "BOOKING_LOUD", "yes",
                "BOOKING_DATABASE_URL", "mysql://localhost",
                "BOOKING_KAFKA_BOOTSTRAP_SERVERS", "localhost",
                "BOOKING_TOPICS_PREFIX", "a b");

        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> Example.from(environment))
                .satisfies(e -> {
                    assertThat(e.problems())
                            .containsExactlyInAnyOrder(
                                    "BOOKING_SEATS is \"many\", must be a whole number from 1 to 100 (default: 10)",
                                    "BOOKING_LONGEST_WAIT is \"8d\", must be a duration from 1ms to 7d (default: 5s)",
                                    "BOOKING_COLOR is \"green\", must be one of red, light-blue (default: light-blue)",
                                    "BOOKING_LOUD is \"yes\", must be true or false (default: false)",
                                    "BOOKING_DATABASE_URL is \"mysql://localhost\", must be the JDBC URL of a PostgreSQL"
                                            + " database (default: jdbc:postgresql://127.0.0.1:5432/booking)",
                                    "BOOKING_KAFKA_BOOTSTRAP_SERVERS is \"localhost\", must be one or more host:port,"
                                            + " separated by commas (default: 127.0.0.1:9092)",
                                    "BOOKING_TOPICS_PREFIX is \"a b\", must be 1 to 200 of A-Z a-z 0-9 . _ -"
                                            + " (default: booking)");
                    assertThat(e.getMessage()).hasLineCount(7);
                });
    }

    @ParameterizedTest
    @CsvSource({"0", "101", "1.5", "1e1", "99999999999", "0x10"})
    void aNumberOutOfItsRangeOrNotWholeIsRefused(String seats) {
        assertThatThrownBy(() -> Example.from(Map.of("BOOKING_SEATS", seats)))
                .isInstanceOf(SettingsException.class)
                .hasMessageStartingWith("BOOKING_SEATS is \"" + seats + "\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"5 parsecs", "5", "-1s", "0ms"})
    void aDurationOutOfItsRangeOrWithoutMeaningIsRefused(String wait) {
        assertThatThrownBy(() -> Example.from(Map.of("BOOKING_LONGEST_WAIT", wait)))
                .isInstanceOf(SettingsException.class)
                .hasMessageStartingWith("BOOKING_LONGEST_WAIT is \"" + wait + "\"");
    }

    @Test
    void aDurationWithoutItsUnitIsToldWhichThereAre() {
        assertThatThrownBy(() -> Example.from(Map.of("BOOKING_LONGEST_WAIT", "3600")))
                .hasMessage(
                        "BOOKING_LONGEST_WAIT is \"3600\", must be a duration from 1ms to 7d; its unit is missing: ms, s,"
                                + " m, h or d (default: 5s)");
    }

    @Test
    void settingsThatDoNotGoTogetherAreRefused() {
        assertThatThrownBy(() -> Example.from(Map.of("BOOKING_LOUD", "true", "BOOKING_SEATS", "51")))
                .hasMessage("BOOKING_SEATS is \"51\", must be at most 50 when loud (default: 10)");
    }

    @Test
    void anUnknownVariableIsRefusedAndTheClosestOneNamed() {
        assertThatThrownBy(() -> Example.from(Map.of("BOOKING_SEAT", "11", "BOOKING_DATABASE_PASWORD", "secret")))
                .isInstanceOf(SettingsException.class)
                .hasMessage(String.join(
                        System.lineSeparator(),
                        "BOOKING_DATABASE_PASWORD is not a setting; did you mean BOOKING_DATABASE_PASSWORD?",
                        "BOOKING_SEAT is not a setting; did you mean BOOKING_SEATS?"));
    }

    @Test
    void nothingIsSuggestedWhereNothingIsNear() {
        assertThatThrownBy(
                        () -> Example.from(Map.of("BOOKING_X", "1", "BOOKING_COLOUR", "red", "BOOKING_PAINT", "red")))
                .isInstanceOf(SettingsException.class)
                .hasMessage(String.join(
                        System.lineSeparator(),
                        "BOOKING_COLOUR is not a setting; did you mean BOOKING_COLOR?",
                        "BOOKING_PAINT is not a setting; the README has a table of all",
                        "BOOKING_X is not a setting; the README has a table of all"));
    }

    @Test
    void whoTakesNoSettingsRefusesUnknownVariablesToo() {
        assertThatThrownBy(() -> Settings.requireKnown(
                        Map.of("BOOKING_LOKING", "x", "BOOKING_KAFKA_CLIENT_IDS", "y", "BOOKING_API_KEY", "z")))
                .isInstanceOf(SettingsException.class)
                .hasMessage(String.join(
                        System.lineSeparator(),
                        "BOOKING_KAFKA_CLIENT_IDS is not a setting; did you mean BOOKING_KAFKA_CLIENT_ID?",
                        "BOOKING_LOKING is not a setting; did you mean BOOKING_LOCKING?"));
        Settings.requireKnown(Map.of("BOOKING_LOCKING", "nonsense", "BOOKING_CA_FILE", "ca.pem", "PATH", "/bin"));
    }

    @Test
    void aProblemNamesWhatTheValueWasGivenBy() {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> Example.from(Map.of("BOOKING_LOUD", "yes", "BOOKING_SEATS", "many")))
                .satisfies(e -> assertThat(
                                e.naming(Map.of("BOOKING_SEATS", "--seats")).problems())
                        .containsExactlyInAnyOrder(
                                "BOOKING_LOUD is \"yes\", must be true or false (default: false)",
                                "--seats is \"many\", must be a whole number from 1 to 100 (default: 10)"));
    }

    @Test
    void secretsAreNeverShown() {
        assertThat(new Variables(Map.of("BOOKING_HTTP_TLS_KEY_FILE", "tls.key")).describe("BOOKING_HTTP_TLS_KEY_FILE"))
                .isEqualTo("is \"tls.key\"");
        assertThat(new Variables(Map.of("BOOKING_HTTP_TLS_KEY_FILE", "-----BEGIN PRIVATE KEY-----\nhunter2"))
                        .describe("BOOKING_HTTP_TLS_KEY_FILE"))
                .doesNotContain("hunter2");
        assertThat(new Variables(Map.of("BOOKING_AUTH_API_KEYS_FILE", "bk_hunter2"))
                        .describe("BOOKING_AUTH_API_KEYS_FILE"))
                .doesNotContain("hunter2");
        assertThatThrownBy(() -> Settings.load(
                        "booking/configuration/secret.conf",
                        Map.of("BOOKING_API_TOKEN", "hunter2"),
                        settings -> settings.text("api-token", Pattern.compile("[A-Z]*"), "upper case")))
                .hasMessage("BOOKING_API_TOKEN has a bad value (not shown, as it may be secret), must be upper case");
        assertThatThrownBy(() -> Example.from(Map.of("BOOKING_DATABASE_URL", "postgresql://me:hunter2@db/booking")))
                .hasMessageContaining("BOOKING_DATABASE_URL has a bad value (not shown")
                .hasMessageNotContaining("hunter2");
        assertThat(Example.from(Map.of(
                                "BOOKING_DATABASE_PASSWORD", "hunter2",
                                "BOOKING_DATABASE_URL", "jdbc:postgresql://db/booking?password=hunter2",
                                "BOOKING_KAFKA_SASL_JAAS_CONFIG", "hunter2",
                                "BOOKING_KAFKA_SASL_MECHANISM", "PLAIN"))
                        .toString())
                .doesNotContain("hunter2")
                .contains("sasl.jaas.config", "jdbc:postgresql://db/booking");
    }

    @Test
    void anyClientPropertyReachesKafka() {
        Example example = Example.from(Map.of(
                "BOOKING_KAFKA_BOOTSTRAP_SERVERS", "kafka-1:9092, [::1]:9093",
                "BOOKING_KAFKA_SECURITY_PROTOCOL", "SASL_SSL",
                "BOOKING_KAFKA_MAX_POLL_RECORDS", "17"));

        assertThat(example.kafka().clientProperties())
                .isEqualTo(Map.of(
                        "bootstrap.servers",
                        "kafka-1:9092, [::1]:9093",
                        "security.protocol",
                        "SASL_SSL",
                        "max.poll.records",
                        "17"));
    }

    @Test
    void anUnknownClientPropertyIsRefused() {
        assertThatThrownBy(() -> Example.from(Map.of("BOOKING_KAFKA_SECURITY_PROTOCOLS", "SSL")))
                .hasMessage("BOOKING_KAFKA_SECURITY_PROTOCOLS is not a setting;"
                        + " did you mean BOOKING_KAFKA_SECURITY_PROTOCOL?");
    }

    @Test
    void theKeyOfTheCommandLineIsAllowed() {
        String read = Settings.load(
                "booking/configuration/empty.conf",
                Map.of("BOOKING_API_KEY", "x", "BOOKING_CA_FILE", "ca.pem"),
                settings -> "read");
        assertThat(read).isEqualTo("read");
    }

    @Test
    void theOtherServicesVariablesAreAllowed() {
        for (String resource : new String[] {Settings.PROCESSOR, Settings.GATEWAY}) {
            for (String variable : Variables.namedIn(resource)) {
                String read =
                        Settings.load("booking/configuration/empty.conf", Map.of(variable, "x"), settings -> "read");
                assertThat(read).isEqualTo("read");
            }
        }
    }

    @Test
    void aSettingThatTheResourceDoesNotListOrNobodyReadsIsABug() {
        assertThatThrownBy(() -> Settings.load(
                        "booking/configuration/empty.conf", Map.of(), settings -> settings.text("database.user")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("BOOKING_DATABASE_USER");
        assertThatThrownBy(() -> Settings.load(EXAMPLE, Map.of(), settings -> settings.text("color")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("never read")
                .hasMessageContaining("BOOKING_SEATS");
    }
}
