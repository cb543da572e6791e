package booking.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import booking.processor.stream.CommandsTopic;
import booking.schemas.command.Book;
import booking.schemas.result.Accepted;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;
import org.postgresql.copy.CopyOperation;

/** A processor that was stopped in the middle of a statement, or of the answer to it, does not keep what it had locked. */
class AbandonedSessionsIT {
    private final BookingSystem system = new BookingSystem(Map.of("BOOKING_TOPICS_PARTITIONS", "1"));
    private final ProcessorSettings settings = ProcessorSettings.from(system.environment());

    @AfterEach
    void stop() {
        system.close();
    }

    /** The answer is more than the buffers of a connection take. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "COPY outcomes (command_id, fingerprint, decided_at, result) FROM STDIN",
                "COPY (SELECT repeat('x', 100000) FROM generate_series(1, 300)) TO STDOUT"
            })
    void itsSuccessorDecides(String statement) throws SQLException {
        String event = Commands.newEventId();
        system.startProcessor();
        system.write(Commands.event(event, 1));
        system.awaitAllDecided();
        Connection stopped = sessionOfAProcessor();
        try {
            lockProgress(stopped);
            PGConnection session = stopped.unwrap(PGConnection.class);
            CopyManager copies = session.getCopyAPI();
            CopyOperation begun = statement.endsWith("STDIN") ? copies.copyIn(statement) : copies.copyOut(statement);
            assertThat(begun.isActive()).isTrue();

            Book book = Commands.book(event, "alice");
            system.write(book);

            assertThat(system.result(book.commandId())).isInstanceOf(Accepted.class);
            await("end of the session")
                    .until(() ->
                            system.count("SELECT count(*) FROM pg_stat_activity WHERE pid = ?", session.getBackendPID())
                                    == 0);
        } finally {
            // It cannot be closed in order any more.
            stopped.abort(Runnable::run);
        }
    }

    private Connection sessionOfAProcessor() throws SQLException {
        Connection connection =
                DriverManager.getConnection(settings.database().url() + "?ApplicationName=booking-processor&user="
                        + settings.database().user());
        connection.setAutoCommit(false);
        return connection;
    }

    private void lockProgress(Connection session) throws SQLException {
        UUID topicId;
        try (CommandsTopic topic = new CommandsTopic(settings)) {
            topicId = topic.id();
        }
        try (Statement statement = session.createStatement()) {
            statement.execute("SET statement_timeout = " + TimeoutLadder.STATEMENT.toMillis());
            statement.execute(
                    "SET idle_in_transaction_session_timeout = " + TimeoutLadder.IDLE_IN_TRANSACTION.toMillis());
            assertThat(statement
                            .executeQuery(
                                    "SELECT 1 FROM partition_progress WHERE topic_id = '" + topicId + "' FOR UPDATE")
                            .next())
                    .isTrue();
        }
    }
}
