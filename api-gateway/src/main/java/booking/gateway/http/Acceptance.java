package booking.gateway.http;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelFactory;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.vertx.core.impl.transports.NioTransport;
import io.vertx.core.transport.Transport;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Accepts connections as Java's own transport does, those that there is a place for. Vert.x would tell of one only after its TLS
 * handshake, and until then it takes memory, too.
 */
final class Acceptance extends NioTransport implements Transport {
    private static final int LEAST_READ_BYTES = 512;
    private static final int FIRST_READ_BYTES = 2_048;
    /** As much as a body may have. What is read and not whole yet is kept, so it counts for each connection. */
    private static final int MOST_READ_BYTES = 16_384;

    private final Connections connections;

    Acceptance(Connections connections) {
        this.connections = connections;
    }

    @Override
    public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
        return () -> new Door(connections);
    }

    @Override
    public String name() {
        return "nio";
    }

    @Override
    public boolean available() {
        return true;
    }

    @Override
    public @Nullable Throwable unavailabilityCause() {
        return null;
    }

    @Override
    public io.vertx.core.spi.transport.Transport implementation() {
        return this;
    }

    private static final class Door extends NioServerSocketChannel {
        private final Connections connections;
        private final RecvByteBufAllocator reads =
                new AdaptiveRecvByteBufAllocator(LEAST_READ_BYTES, FIRST_READ_BYTES, MOST_READ_BYTES);

        private Door(Connections connections) {
            this.connections = connections;
        }

        @Override
        protected int doReadMessages(List<Object> accepted) throws Exception {
            int count = super.doReadMessages(accepted);
            if (count > 0) {
                NioSocketChannel channel = (NioSocketChannel) accepted.get(accepted.size() - 1);
                if (connections.admit(channel)) {
                    channel.config().setRecvByteBufAllocator(reads);
                } else {
                    accepted.remove(channel);
                    channel.unsafe().closeForcibly();
                }
            }
            return count;
        }
    }
}
