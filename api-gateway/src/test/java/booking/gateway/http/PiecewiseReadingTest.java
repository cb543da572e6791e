package booking.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PiecewiseReadingTest {
    private static final int PIECE = PiecewiseReading.PIECE_BYTES;

    private final Receiver receiver = new Receiver();
    private final EmbeddedChannel channel = new EmbeddedChannel(new PiecewiseReading(), receiver);

    /** Keeps what it is given, and may have enough of it. */
    private static final class Receiver extends ChannelInboundHandlerAdapter {
        private final ByteArrayOutputStream received = new ByteArrayOutputStream();
        private int enough = Integer.MAX_VALUE;

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
            ByteBuf piece = (ByteBuf) message;
            assertThat(piece.readableBytes()).isLessThanOrEqualTo(PIECE);
            piece.readBytes(received, piece.readableBytes());
            piece.release();
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            if (received.size() >= enough) {
                context.channel().config().setAutoRead(false);
            }
        }
    }

    @Test
    void allThatIsReadIsHandedOnInItsOrder() {
        byte[] bytes = bytes(16 * PIECE + 1);

        read(bytes);

        assertThat(receiver.received.toByteArray()).isEqualTo(bytes);
    }

    @Test
    void whoHasEnoughIsGivenNoMoreUntilThatChanges() {
        byte[] bytes = bytes(5 * PIECE);
        receiver.enough = 2 * PIECE;

        read(bytes);
        assertThat(receiver.received.size()).isEqualTo(2 * PIECE);

        receiver.enough = 4 * PIECE;
        channel.config().setAutoRead(true);
        channel.runPendingTasks();
        assertThat(receiver.received.size()).isEqualTo(4 * PIECE);

        receiver.enough = Integer.MAX_VALUE;
        channel.config().setAutoRead(true);
        channel.runPendingTasks();
        assertThat(receiver.received.toByteArray()).isEqualTo(bytes);
    }

    @Test
    void whatIsNotHandedOnIsLetGoWithItsConnection() {
        ByteBuf read = Unpooled.buffer().writeBytes(bytes(3 * PIECE));
        receiver.enough = PIECE;

        channel.writeInbound(read);
        assertThat(read.refCnt()).isPositive();
        var unused = channel.finish();

        assertThat(read.refCnt()).isZero();
    }

    private void read(byte[] bytes) {
        channel.writeInbound(Unpooled.wrappedBuffer(bytes));
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return bytes;
    }
}
