package booking.processor.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabaseFailureTest {

    @ParameterizedTest
    @CsvSource({
        "40001, TRY_AGAIN, a transaction that cannot be put in line with others",
        "40P01, TRY_AGAIN, a deadlock",
        "55P03, TRY_AGAIN, a lock that was waited for in vain",
        "57014, TRY_AGAIN, a statement that took too long",
        "08006, RECONNECT, a connection that broke",
        "53300, RECONNECT, a server that has too many connections",
        "57P01, RECONNECT, a session that an administrator ended",
        "57P02, RECONNECT, a server that crashed",
        "57P03, RECONNECT, a server that is starting",
        "57P05, RECONNECT, a session that was idle for too long",
        "25006, RECONNECT, a server that is read-only",
        "25P03, RECONNECT, a transaction that was idle for too long",
        "22021, CAUSED_BY_A_COMMAND, a character that cannot be kept",
        "23514, CAUSED_BY_A_COMMAND, a constraint",
        "42P01, STOP, a table that is not there",
        "28P01, STOP, a wrong password"
    })
    void eachSqlStateCallsForOneThing(String sqlState, DatabaseFailure.Kind kind, String meaning) {
        RuntimeException wrapped = new IllegalStateException(new SQLException(meaning, sqlState));

        assertThat(DatabaseFailure.of(wrapped).kind()).as(meaning).isEqualTo(kind);
    }

    @Test
    void ofAPoolWithoutConnectionsTheReasonCounts() {
        SQLException pool = new SQLTransientConnectionException(
                "no connection", "08003", new SQLException("a wrong password", "28P01"));

        assertThat(DatabaseFailure.of(pool).kind()).isEqualTo(DatabaseFailure.Kind.STOP);
    }

    @Test
    void aPoolWithoutConnectionsAndWithoutReasonIsWaitedFor() {
        assertThat(DatabaseFailure.of(new SQLException("no connection")).kind())
                .isEqualTo(DatabaseFailure.Kind.RECONNECT);
    }

    @Test
    void whatIsNotTheDatabasesFailureIsABug() {
        assertThat(DatabaseFailure.of(new IllegalStateException("a bug")).kind())
                .isEqualTo(DatabaseFailure.Kind.STOP);
    }
}
