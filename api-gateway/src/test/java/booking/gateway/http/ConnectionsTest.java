package booking.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ConnectionsTest {
    private static final int PLACES = 8;

    private final Connections connections = new Connections(PLACES, new SimpleMeterRegistry());

    @Test
    void thereAreSoManyAndNoMoreWhileAllWaitForUs() {
        List<EmbeddedChannel> all = Stream.generate(this::asking).limit(PLACES).toList();

        assertThat(connections.admit(new EmbeddedChannel())).isFalse();

        assertThat(all).allMatch(EmbeddedChannel::isOpen);
        all.get(0).finish();
        assertThat(connections.admit(new EmbeddedChannel())).isTrue();
    }

    @Test
    void thoseWhoHaveBeenServedAndStayLetOthersCome() {
        List<EmbeddedChannel> staying =
                Stream.generate(this::answered).limit(PLACES).toList();

        EmbeddedChannel first = admitted();
        EmbeddedChannel second = admitted();

        assertThat(first.isOpen()).as("who came first has time to ask").isTrue();
        assertThat(second.isOpen()).isTrue();
        assertThat(staying.get(0).isOpen()).as("it was served longest ago").isFalse();
        assertThat(staying.get(1).isOpen()).isFalse();
        assertThat(staying.subList(2, PLACES)).allMatch(EmbeddedChannel::isOpen);
    }

    @Test
    void thoseWhoAskForNothingPushOutEachOther() {
        List<EmbeddedChannel> staying =
                Stream.generate(this::answered).limit(PLACES / 2).toList();
        List<EmbeddedChannel> silent =
                Stream.generate(this::admitted).limit(PLACES / 2).toList();

        for (int i = 0; i < PLACES / 2; i++) {
            admitted();
        }

        assertThat(staying).allMatch(EmbeddedChannel::isOpen);
        assertThat(silent).noneMatch(EmbeddedChannel::isOpen);
    }

    private EmbeddedChannel admitted() {
        EmbeddedChannel channel = new EmbeddedChannel();
        assertThat(connections.admit(channel)).isTrue();
        return channel;
    }

    /** Has sent a request, and waits for its answer. */
    private EmbeddedChannel asking() {
        EmbeddedChannel channel = admitted();
        connections.serve(channel);
        return channel;
    }

    /** Has been answered, and may send another request. */
    private EmbeddedChannel answered() {
        EmbeddedChannel channel = asking();
        connections.waitFor(channel, channel::finish);
        return channel;
    }
}
