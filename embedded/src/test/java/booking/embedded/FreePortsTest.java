package booking.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class FreePortsTest {
    @Test
    void aTakenPortThatWasAskedForIsAnErrorThatNamesIt() throws Exception {
        try (ServerSocket other = listenSomewhere()) {
            int port = other.getLocalPort();

            assertThatThrownBy(() -> PortRequest.exactly(port).choose())
                    .isInstanceOf(PortTakenException.class)
                    .hasMessage("port " + port + " on 127.0.0.1 is taken");
        }
    }

    @Test
    void aTakenPortIsPassedOverWhenTheNextOneWillDo() throws Exception {
        try (ServerSocket other = listenSomewhere()) {
            int port = PortRequest.firstFreeFrom(other.getLocalPort()).choose();

            assertThat(port).isGreaterThan(other.getLocalPort());
            assertThat(FreePorts.isFree(port)).isTrue();
        }
    }

    @Test
    void noPortIsGivenTwice() {
        int first = FreePorts.any();

        assertThat(FreePorts.nextFrom(first)).isGreaterThan(first);
    }

    @Test
    void portsOfOutgoingConnectionsAreNotGiven() {
        assertThatThrownBy(() -> FreePorts.nextFrom(32_768)).hasMessageContaining("no port from 32768");
    }

    @Test
    void aPortOutOfRangeIsRefused() {
        assertThatThrownBy(() -> PortRequest.exactly(65_536))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("port must be from 1 to 65535, was 65536");
    }

    private static ServerSocket listenSomewhere() throws Exception {
        return new ServerSocket(FreePorts.any(), 1, Loopback.ADDRESS);
    }
}
