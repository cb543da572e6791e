package booking.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class EmbeddedServersIT {
    @Test
    void areSharedByAllWhoAsk() {
        EmbeddedServers servers = EmbeddedServers.shared();

        assertThat(EmbeddedServers.shared()).isSameAs(servers);
        assertThat(servers.kafka().process().isAlive()).isTrue();
        assertThat(servers.postgres().process().isAlive()).isTrue();
    }

    @Test
    void whenOneCannotStartTheOtherIsStopped() {
        try (TemporaryDirectory directory = TemporaryDirectory.create("servers-it-")) {
            KafkaOptions kafka = KafkaOptions.in(directory.path().resolve("kafka"))
                    .withPort(PortRequest.any())
                    .withSetting("num.io.threads", "many");
            PostgresOptions postgres =
                    PostgresOptions.in(directory.path().resolve("postgresql")).withPort(PortRequest.any());

            assertThatThrownBy(() -> EmbeddedServers.start(kafka, postgres))
                    .isInstanceOf(EmbeddedServerException.class)
                    .hasMessageContaining("Kafka ended while starting");
            // It would not start if the first were still there.
            EmbeddedPostgres.start(postgres).close();
        }
    }
}
