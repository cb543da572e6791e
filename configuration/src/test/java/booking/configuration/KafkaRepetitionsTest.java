package booking.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.joran.spi.JoranException;
import ch.qos.logback.core.spi.FilterReply;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaRepetitionsTest {
    private static final String NETWORK = "org.apache.kafka.clients.NetworkClient";
    private static final String AWAY = "Connection to node {} could not be established. Node may not be available.";

    private final KafkaRepetitions filter = new KafkaRepetitions();

    @Test
    void whateverClientSaysItItIsToldOnceAMinute() {
        assertThat(isTold(0, NETWORK, "[Producer clientId=a] " + AWAY, 1)).isTrue();
        assertThat(isTold(900, NETWORK, "[Producer clientId=a] " + AWAY, 1)).isFalse();
        assertThat(isTold(59_999, NETWORK, "[Consumer clientId=b, groupId=g] " + AWAY, 1))
                .isFalse();
        assertThat(isTold(60_000, NETWORK, "[Consumer clientId=b, groupId=g] " + AWAY, 1))
                .isTrue();
        assertThat(isTold(60_001, NETWORK, "[Producer clientId=a] " + AWAY, 1)).isFalse();
    }

    @Test
    void anotherBrokerIsToldOfAtOnce() {
        assertThat(isTold(0, NETWORK, "[Producer clientId=a] " + AWAY, 1)).isTrue();
        assertThat(isTold(0, NETWORK, "[Producer clientId=a] " + AWAY, 2)).isTrue();
    }

    @Test
    void aClockThatIsSetBackSilencesNobody() {
        assertThat(isTold(3_600_000, NETWORK, AWAY, 1)).isTrue();
        assertThat(isTold(0, NETWORK, AWAY, 1)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"booking.processor.desk.Desk", "org.apache.kafka.streams.KafkaStreams"})
    void othersMayRepeatThemselves(String logger) {
        assertThat(isTold(0, logger, "The database is away", 1)).isTrue();
        assertThat(isTold(0, logger, "The database is away", 1)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "json"})
    void theLogOfTheServicesHasIt(String format) throws JoranException {
        LoggerContext context = new LoggerContext();
        context.putProperty("BOOKING_LOG_FORMAT", format);
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(Objects.requireNonNull(KafkaRepetitionsTest.class.getResource("/logback.xml")));

        Appender<ILoggingEvent> appender =
                context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("STDERR");

        assertThat(appender.getCopyOfAttachedFiltersList())
                .hasOnlyElementsOfType(KafkaRepetitions.class)
                .hasSize(1);
        context.stop();
    }

    private boolean isTold(long atMillis, String logger, String message, int node) {
        LoggingEvent event = new LoggingEvent();
        event.setLoggerName(logger);
        event.setLevel(Level.WARN);
        event.setMessage(message);
        event.setArgumentArray(new Object[] {node});
        event.setTimeStamp(atMillis);
        return filter.decide(event) != FilterReply.DENY;
    }
}
