package booking.processor.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which failures of a thread another thread may mend; Kafka Streams wraps each in one of its own. */
final class BookingStreamsTest {
    static Stream<Throwable> brokersFailures() {
        return Stream.of(
                new StreamsException("brokers that do not answer"),
                new TimeoutException("brokers that do not answer in time"),
                // As of who stood still while it asked.
                new IllegalStateException(
                        "brokers that do not answer",
                        new TimeoutException(new java.util.concurrent.TimeoutException("in time"))));
    }

    static Stream<Throwable> otherFailures() {
        return Stream.of(
                new IllegalStateException("the database is behind"),
                new NullPointerException("a bug"),
                new OutOfMemoryError("not enough"),
                new IllegalStateException("refused", new TopicAuthorizationException("refused")),
                new RecordTooLargeException("it would be made the same again"));
    }

    @ParameterizedTest
    @MethodSource("brokersFailures")
    void whatBrokersDidNotDoMayBeMended(Throwable failure) {
        assertThat(BookingStreams.canBeMended(new StreamsException(failure))).isTrue();
    }

    @ParameterizedTest
    @MethodSource("otherFailures")
    void whatWouldHappenAgainIsNot(Throwable failure) {
        assertThat(BookingStreams.canBeMended(new StreamsException(failure))).isFalse();
    }
}
