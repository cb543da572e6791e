package booking.embedded;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SharedServersTest {
    @Test
    void aKindThatNobodyHereCanStartIsRefusedWithThoseThatAreThere() {
        assertThatThrownBy(() -> SharedServers.start("container"))
                .isInstanceOf(EmbeddedServerException.class)
                .hasMessage("booking.test.servers is container, can be embedded here");
    }
}
