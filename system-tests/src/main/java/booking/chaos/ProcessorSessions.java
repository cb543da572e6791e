package booking.chaos;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
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

    /** Ends all of them. */
    void end() {
        numbers("SELECT CASE WHEN pg_terminate_backend(pid) THEN 1 ELSE 0 END " + THEIRS);
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
