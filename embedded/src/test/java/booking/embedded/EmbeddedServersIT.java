package booking.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.junit.jupiter.api.Test;

class EmbeddedServersIT {
    @Test
    void bothRun() throws Exception {
        EmbeddedServers servers = EmbeddedServers.shared();
        try (Connection c = DriverManager.getConnection(
                        servers.postgres().jdbcUrl(EmbeddedPostgres.DATABASE, EmbeddedPostgres.OWNER));
                Statement s = c.createStatement();
                ResultSet r = s.executeQuery("select current_user")) {
            assertThat(r.next()).isTrue();
            assertThat(r.getString(1)).isEqualTo("booking_owner");
        }
        try (Admin admin = Admin.create(Map.<String, Object>of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, servers.kafka().bootstrapServers()))) {
            assertThat(admin.describeCluster().nodes().get()).hasSize(1);
        }
    }
}
