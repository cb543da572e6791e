package booking.chaos;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The processors' sessions in the database, as a superuser sees them. */
final class ProcessorSessions {
    private static final String THEIRS = "FROM pg_stat_activity WHERE application_name = 'booking-processor'";

    private final String superuserUrl;

    ProcessorSessions(String superuserUrl) {
        this.superuserUrl = superuserUrl;
    }

    /** The ids of the server's processes that work for them. */
    List<Long> backends() {
        return numbers("SELECT pid " + THEIRS);
    }

    /** As {@link #backends}, as soon as there are any; none when there are none in time. */
    List<Long> awaitBackends(Duration time) throws InterruptedException {
        var unused = Waiting.until(time, () -> !backends().isEmpty());
        return backends();
    }

    /** Ends all of them; returns how many there were. */
    int end() {
        // Not in the condition: in which order the parts of that are looked at is up to the server.
        return (int) numbers("SELECT CASE WHEN pg_terminate_backend(pid) THEN 1 ELSE 0 END " + THEIRS).stream()
                .filter(ended -> ended == 1)
                .count();
    }

    private List<Long> numbers(String query) {
        try (Connection connection = DriverManager.getConnection(superuserUrl);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            List<Long> numbers = new ArrayList<>();
            while (rows.next()) {
                numbers.add(rows.getLong(1));
            }
            return numbers;
        } catch (SQLException e) {
            throw new IllegalStateException("the database does not tell who is connected", e);
        }
    }
}
