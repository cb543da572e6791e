package booking.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Many connections of one kind that never come to an end of what they send, or never read what they are sent. */
final class SlowConnections implements AutoCloseable {
    private static final int SMALL_RECEIVE_BUFFER = 4_096;
    private static final long PAUSE_MILLIS = 100;

    private final int port;
    private final String beginning;
    private final String piece;
    private final boolean renewed;
    private final boolean reading;
    private final List<SocketChannel> open = new ArrayList<>();
    private final AtomicInteger cut = new AtomicInteger();
    private final Thread thread;

    /** Sends this beginning on each, and then this piece on each again and again. */
    static SlowConnections senders(int port, int count, String beginning, String piece) throws IOException {
        return new SlowConnections(port, count, beginning, piece, false, true);
    }

    /** The same; whenever one is cut off another takes its place. */
    static SlowConnections stubbornSenders(int port, int count, String beginning, String piece) throws IOException {
        return new SlowConnections(port, count, beginning, piece, true, true);
    }

    /** Sends this piece on each again and again, as fast as it is taken, and never reads. */
    static SlowConnections flooders(int port, int count, String piece) throws IOException {
        return new SlowConnections(port, count, "", piece, false, false);
    }

    /** Sends this request on each, reads where its answer begins, which must be as said, and reads no more. */
    static SlowConnections stalledReaders(int port, int count, String request, String answer) throws IOException {
        SlowConnections readers = new SlowConnections(port, 0, request, "", false, false);
        try {
            for (int i = 0; i < count; i++) {
                SocketChannel channel = readers.connect();
                ByteBuffer start = ByteBuffer.allocate(answer.length());
                while (start.hasRemaining() && channel.read(start) >= 0) {
                    // Until it has all been read.
                    Thread.onSpinWait();
                }
                String started = ISO_8859_1.decode(start.flip()).toString();
                if (!started.equals(answer)) {
                    throw new AssertionError("answered " + started);
                }
            }
            return readers;
        } catch (IOException | Error e) {
            readers.close();
            throw e;
        }
    }

    /** Sends this request on each, and reads nothing until its {@link #answers} are asked for. */
    static SlowConnections askers(int port, int count, String request) throws IOException {
        SlowConnections askers = new SlowConnections(port, 0, request, "", false, false);
        try {
            for (int i = 0; i < count; i++) {
                askers.connect();
            }
            return askers;
        } catch (IOException | Error e) {
            askers.close();
            throw e;
        }
    }

    /** So much of the answer to each. */
    List<String> answers(int length) throws IOException {
        List<String> answers = new ArrayList<>();
        for (SocketChannel channel : open) {
            ByteBuffer start = ByteBuffer.allocate(length);
            while (start.hasRemaining() && channel.read(start) >= 0) {
                // Until it has all been read.
                Thread.onSpinWait();
            }
            answers.add(ISO_8859_1.decode(start.flip()).toString());
        }
        return answers;
    }

    private SlowConnections(int port, int count, String beginning, String piece, boolean renewed, boolean reading)
            throws IOException {
        this.port = port;
        this.beginning = beginning;
        this.piece = piece;
        this.renewed = renewed;
        this.reading = reading;
        for (int i = 0; i < count; i++) {
            connect().configureBlocking(false);
        }
        this.thread = new Thread(this::trickle, "slow connections");
        thread.setDaemon(true);
        if (count > 0) {
            thread.start();
        }
    }

    private SocketChannel connect() throws IOException {
        SocketChannel channel = SocketChannel.open();
        open.add(channel);
        channel.setOption(StandardSocketOptions.SO_RCVBUF, SMALL_RECEIVE_BUFFER);
        channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        try {
            channel.write(ByteBuffer.wrap(beginning.getBytes(ISO_8859_1)));
        } catch (IOException cut) {
            // As soon as it was there; whoever looks at it next sees that.
            return channel;
        }
        return channel;
    }

    /** How many there are. */
    int size() {
        return open.size();
    }

    /** How many of them the other side has cut off. */
    int cut() {
        return cut.get();
    }

    private void trickle() {
        ByteBuffer some = ByteBuffer.allocate(1_024);
        try {
            while (true) {
                for (SocketChannel channel : List.copyOf(open)) {
                    if (isCut(channel, some)) {
                        cut.incrementAndGet();
                        channel.close();
                        open.remove(channel);
                        if (renewed) {
                            connect().configureBlocking(false);
                        }
                    }
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException | IOException over) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isCut(SocketChannel channel, ByteBuffer some) {
        try {
            channel.write(ByteBuffer.wrap(piece.getBytes(ISO_8859_1)));
            some.clear();
            return reading && channel.read(some) < 0;
        } catch (IOException reset) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (SocketChannel channel : open) {
            channel.close();
        }
    }
}
