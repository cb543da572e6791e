package booking.standalone.audit;

import booking.auditor.AuditSettings;
import booking.configuration.DatabaseSettings;
import booking.configuration.KafkaSettings;
import java.time.Duration;
import java.util.Optional;

/**
 * What a replay is told.
 *
 * @param commandsTopic whose commands are decided once more
 * @param audited the database to compare with; a role that may only read will do
 * @param scratch an empty database to decide in, and the owner of what is made there; without it, a PostgreSQL is started
 *     for the replay and gone after it
 * @param outcomeRetention how long the processors keep outcomes at least, {@code BOOKING_OUTCOMES_RETENTION}
 */
public record ReplaySettings(
        KafkaSettings kafka,
        String commandsTopic,
        DatabaseSettings audited,
        Optional<DatabaseSettings> scratch,
        Duration outcomeRetention) {
    private static final int CONNECTIONS = 1;

    /** Of the system that an audit is about, in a PostgreSQL started for the replay. */
    static ReplaySettings of(AuditSettings audit) {
        return new ReplaySettings(
                audit.kafka(),
                audit.topics().commands(),
                new DatabaseSettings(audit.databaseUrl(), audit.databaseUser(), audit.databasePassword(), CONNECTIONS),
                Optional.empty(),
                audit.outcomeRetention());
    }
}
