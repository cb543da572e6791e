package booking.gateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;

/**
 * Has what has been read decoded piece by piece, and no further than it is taken. What is decoded takes far more memory than its
 * bytes, some hundreds for a request of sixteen. Vert.x reads no more while a request has to wait for the answer before it, but
 * would keep all that the last read has brought, decoded.
 */
final class PiecewiseReading extends ChannelDuplexHandler {
    static final String NAME = "pieces";
    /** More than most requests have. */
    static final int PIECE_BYTES = 1_024;
    /** So much is read at a time, and kept at most until it is taken: Netty's own bound is four times that. */
    private static final int READ_BYTES = 16 * 1_024;

    private static final int FIRST_READ_BYTES = 2_048;
    private static final int LEAST_READ_BYTES = 64;

    private ByteBuf rest = Unpooled.EMPTY_BUFFER;
    private boolean handingOn;

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        // With TLS there has been a read, and this comes too late.
        context.channel()
                .config()
                .setRecvByteBufAllocator(
                        new AdaptiveRecvByteBufAllocator(LEAST_READ_BYTES, FIRST_READ_BYTES, READ_BYTES));
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
        rest = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(context.alloc(), rest, (ByteBuf) bytes);
        handOn(context);
    }

    /** More may be read. What is here comes first. */
    @Override
    public void read(ChannelHandlerContext context) {
        if (!rest.isReadable()) {
            context.read();
        } else if (!handingOn) {
            // Later, as whoever says so may be in the middle of what came before.
            context.executor().execute(() -> {
                handOn(context);
                if (!rest.isReadable()) {
                    context.read();
                }
            });
        }
    }

    private void handOn(ChannelHandlerContext context) {
        if (handingOn) {
            return;
        }
        handingOn = true;
        try {
            while (rest.isReadable() && isTaken(context)) {
                context.fireChannelRead(piece());
                // Only then does Vert.x look whether it has enough.
                context.fireChannelReadComplete();
            }
        } finally {
            handingOn = false;
        }
    }

    private static boolean isTaken(ChannelHandlerContext context) {
        return context.channel().isActive() && context.channel().config().isAutoRead();
    }

    private ByteBuf piece() {
        if (rest.readableBytes() > PIECE_BYTES) {
            return rest.readRetainedSlice(PIECE_BYTES);
        }
        ByteBuf last = rest;
        rest = Unpooled.EMPTY_BUFFER;
        return last;
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        rest.release();
        rest = Unpooled.EMPTY_BUFFER;
    }
}
