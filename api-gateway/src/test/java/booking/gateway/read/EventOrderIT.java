package booking.gateway.read;

import static org.assertj.core.api.Assertions.assertThat;

import booking.embedded.EmbeddedPostgres;
import booking.embedded.EmbeddedServers;
import booking.processor.setup.Setup;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** In a database whose own order of texts is that of a language. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EventOrderIT {
    private static final List<String> IDS = List.of("-z", ".a", "1", "A", "B", "Z", "_b", "a", "a-b", "ab", "b");

    private final EmbeddedPostgres postgres = EmbeddedServers.shared().postgres();
    private final String database =
            "ordered_" + UUID.randomUUID().toString().replace("-", "").substring(0, 12);

    private JdbcClient server;
    private JdbcClient tables;

    @BeforeAll
    void open() {
        server = client(EmbeddedPostgres.DATABASE);
        server.sql("CREATE DATABASE " + database + " OWNER " + EmbeddedPostgres.OWNER
                        + " TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C' LOCALE_PROVIDER icu ICU_LOCALE 'en'")
                .update();
        Setup.makeTables(
                postgres.jdbcUrl(database, EmbeddedPostgres.OWNER),
                EmbeddedPostgres.OWNER,
                Optional.empty(),
                EmbeddedPostgres.APPLICATION,
                EmbeddedPostgres.READER);
        tables = client(database);
        for (String id : IDS) {
            tables.sql("INSERT INTO events (id, name, venue, date) VALUES (?, 'An evening', ?, now())")
                    .params(id, id)
                    .update();
        }
    }

    @AfterAll
    void close() {
        server.sql("DROP DATABASE " + database).update();
    }

    private JdbcClient client(String name) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(postgres.jdbcUrl(name, EmbeddedPostgres.SUPERUSER));
        return JdbcClient.create(dataSource);
    }

    @Test
    void eventsAreListedInTheOrderOfTheirCharacters() {
        assertThat(tables.sql("SELECT id FROM events ORDER BY id")
                        .query(String.class)
                        .list())
                .as("the database's own order")
                .isNotEqualTo(IDS);

        assertThat(listed(Optional.empty())).isEqualTo(IDS);
        assertThat(listed(Optional.of("evening"))).isEqualTo(IDS);
    }

    private List<String> listed(Optional<String> search) {
        BookingReads reads = new BookingReads(tables);
        List<String> ids = new ArrayList<>();
        Optional<String> after = Optional.of("");
        while (after.isPresent()) {
            Page<StoredEvent> page = reads.eventsAfter(after.get(), search, 2);
            page.entries().forEach(event -> ids.add(event.availability().eventId()));
            after = page.after();
        }
        return ids;
    }
}
