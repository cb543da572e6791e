package booking.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    void ctrlCInOurTerminalDoesNotReachThem() throws Exception {
        EmbeddedServers servers = EmbeddedServers.shared();

        assertThat(sessionOf(servers.kafka().process())).isNotEqualTo(sessionOf(ProcessHandle.current()));
        assertThat(sessionOf(servers.postgres().process())).isNotEqualTo(sessionOf(ProcessHandle.current()));
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

    private static String sessionOf(ProcessHandle process) throws IOException {
        String status = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
        // After the name in brackets: state, parent, process group, session.
        return status.substring(status.lastIndexOf(')') + 2).split(" ", 5)[3];
    }
}
