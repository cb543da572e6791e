package booking.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import booking.embedded.EmbeddedPostgres;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The tables take nothing of which no result could be made, whoever writes it; what results can carry they take. */
class TablesRefuseIT {
    private final BookingSystem system = new BookingSystem(Map.of("BOOKING_TOPICS_PARTITIONS", "1"));
    private final JdbcClient foreigner = JdbcClient.create(system.dataSource(EmbeddedPostgres.APPLICATION));
    private final String event = Commands.newEventId();

    @BeforeEach
    void write() {
        foreigner
                .sql("INSERT INTO events (id, name, date, venue, capacity) VALUES (?, 'Concert', '2027-05-01', ?, 9)")
                .params(event, event)
                .update();
        foreigner
                .sql("INSERT INTO bookings (event_id, user_id, one_place) VALUES (?, 'alice', false)")
                .param(event)
                .update();
    }

    @AfterEach
    void close() {
        system.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    events   | version = 0                            | events_version_counts
                    events   | version = 9007199254740992             | events_version_counts
                    events   | name = ''                              | events_texts_have_a_length
                    events   | name = repeat('n', 256)                | events_texts_have_a_length
                    events   | venue = ''                             | events_texts_have_a_length
                    events   | venue = repeat('v', 256)               | events_texts_have_a_length
                    events   | date = 'infinity'                      | events_date_has_a_year
                    events   | date = '-infinity'                     | events_date_has_a_year
                    events   | date = '10000-01-01 00:00:00+00'       | events_date_has_a_year
                    events   | date = '0001-12-31 23:59:59+00 BC'     | events_date_has_a_year
                    events   | created_at = 'infinity'                | events_were_written_at_a_time
                    events   | updated_at = '-infinity'               | events_were_written_at_a_time
                    events   | updated_at = '1969-12-31 23:59:59+00'  | events_were_written_at_a_time
                    bookings | user_id = ''                           | bookings_user_has_a_length
                    bookings | user_id = repeat('u', 129)             | bookings_user_has_a_length
                    bookings | created_at = 'infinity'                | bookings_were_written_at_a_time
                    bookings | updated_at = '10000-01-01 00:00:00+00' | bookings_were_written_at_a_time
                    bookings | status = 'HELD', hold_expires_at = '-infinity' | bookings_holds_end_in_time
                    bookings | status = 'HELD', hold_expires_at = '1969-12-31 23:59:59+00' | bookings_holds_end_in_time
                    bookings | status = 'HELD', hold_expires_at = 'infinity' | bookings_holds_end_in_time
                    """)
    void whatNoResultCanCarry(String table, String assignment, String constraint) {
        assertThatThrownBy(() -> assign(table, assignment))
                .isInstanceOf(DataIntegrityViolationException.class)
                .hasMessageContaining("violates check constraint \"" + constraint + "\"");
    }

    @ParameterizedTest
    @CsvSource({"infinity", "1969-12-31 23:59:59+00"})
    void anAnswerOfNoTime(String decidedAt) {
        assertThatThrownBy(() -> foreigner
                        .sql("INSERT INTO outcomes (command_id, fingerprint, decided_at, result)"
                                + " VALUES (gen_random_uuid(), '', '" + decidedAt + "', '{}')")
                        .update())
                .isInstanceOf(DataIntegrityViolationException.class)
                .hasMessageContaining("violates check constraint \"outcomes_were_decided_at_a_time\"");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    events   | version = 9007199254740991
                    events   | name = repeat('€', 255)
                    events   | venue = repeat('€', 255)
                    events   | date = '0001-01-01 00:00:00+00'
                    events   | date = '9999-12-31 23:59:59.999999+00'
                    events   | updated_at = '1970-01-01 00:00:00+00'
                    bookings | user_id = repeat('€', 128)
                    """)
    void butNotWhatJustFits(String table, String assignment) {
        assertThat(assign(table, assignment)).isEqualTo(1);
    }

    private int assign(String table, String assignment) {
        return foreigner
                .sql("UPDATE " + table + " SET " + assignment + " WHERE " + (table.equals("events") ? "id" : "event_id")
                        + " = ?")
                .param(event)
                .update();
    }
}
