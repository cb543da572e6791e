package booking.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;

/** A connection on which a test says byte by byte what no client library would. */
final class RawConnection implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Socket socket;

    RawConnection(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout((int) PATIENCE.toMillis());
        socket.setTcpNoDelay(true);
    }

    RawConnection send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(ISO_8859_1));
        socket.getOutputStream().flush();
        return this;
    }

    /** All that comes until the other side closes. */
    String untilClosed() throws IOException {
        return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }

    /** What comes until this text does, or the other side closes. */
    String until(String end) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf(end) < 0) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                break;
            }
            text.append((char) next);
        }
        return text.toString();
    }

    /** Sends this piece again and again until the other side has closed, and tells how long that took. */
    Duration trickle(String piece, Duration pause) throws IOException {
        long start = System.nanoTime();
        socket.setSoTimeout((int) pause.toMillis());
        while (true) {
            try {
                send(piece);
                if (socket.getInputStream().read() < 0) {
                    return Duration.ofNanos(System.nanoTime() - start);
                }
            } catch (SocketTimeoutException stillOpen) {
                if (System.nanoTime() - start > PATIENCE.toNanos()) {
                    throw new AssertionError("still open after " + PATIENCE);
                }
            } catch (SocketException closed) {
                return Duration.ofNanos(System.nanoTime() - start);
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
