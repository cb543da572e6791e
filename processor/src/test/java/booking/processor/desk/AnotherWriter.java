package booking.processor.desk;

import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementSetter;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Statements between which somebody else books now and then: after a desk has read the events, and before it saves them.
 * Events that are locked are left alone, as the writer would have to wait for the desk, and the desk waits for it here.
 */
final class AnotherWriter extends JdbcTemplate {
    private final Set<String> eventIds;
    private final Random chance;

    /** @param eventIds where it books */
    AnotherWriter(DataSource connections, Set<String> eventIds, Random chance) {
        super(connections);
        this.eventIds = eventIds;
        this.chance = chance;
    }

    @Override
    public <T> List<T> query(String sql, @Nullable PreparedStatementSetter parameters, RowMapper<T> mapper) {
        if (sql.startsWith("UPDATE events") && chance.nextInt(3) == 0) {
            // On connections of its own.
            JdbcClient.create(RealDesk.dataSource())
                    .sql("""
                            WITH taken AS (
                                UPDATE events SET confirmed = confirmed + 1, version = version + 1
                                WHERE id IN (SELECT id FROM events WHERE id IN (:ids) AND confirmed + held < capacity
                                    FOR UPDATE SKIP LOCKED)
                                RETURNING id, one_place)
                            INSERT INTO bookings (id, event_id, user_id, one_place)
                            SELECT gen_random_uuid(), id, :user, one_place FROM taken""")
                    .param("ids", eventIds)
                    .param("user", "another-" + UUID.randomUUID())
                    .update();
        }
        return super.query(sql, parameters, mapper);
    }
}
