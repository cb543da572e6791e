package booking.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** A processor that was stopped while it copied rows to the database does not keep what it had locked. */
class AbandonedSessionsIT {
    private final BookingSystem system = new BookingSystem(Map.of("BOOKING_TOPICS_PARTITIONS", "1"));
    private final ProcessorSettings settings = ProcessorSettings.from(system.environment());

    @AfterEach
    void stop() {
        system.close();
    }

    @Test
    void itsSuccessorDecides() throws SQLException {
        String event = Commands.newEventId();
        system.startProcessor();
        system.write(Commands.event(event, 1));
        system.awaitAllDecided();
        Connection stopped = sessionOfAProcessor();
        try {
            lockProgress(stopped);
            CopyIn copy = stopped.unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("COPY outcomes (command_id, fingerprint, decided_at, result) FROM STDIN");

            Book book = Commands.book(event, "alice");
            system.write(book);

            assertThat(system.result(book.commandId())).isInstanceOf(Accepted.class);
            assertThatThrownBy(copy::endCopy).isInstanceOf(SQLException.class);
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
