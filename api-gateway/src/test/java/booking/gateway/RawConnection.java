package booking.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;

/** A connection on which a test says byte by byte what no client library would. */
final class RawConnection implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Socket socket;
    private final InputStream in;

    RawConnection(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout((int) PATIENCE.toMillis());
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream());
    }

    RawConnection send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(ISO_8859_1));
        socket.getOutputStream().flush();
        return this;
    }

    /** All that comes until the other side closes. */
    String untilClosed() throws IOException {
        return new String(in.readAllBytes(), ISO_8859_1);
    }

    /** What comes until this text does, or the other side closes. */
    String until(String end) throws IOException {
        StringBuilder text = new StringBuilder();
        char last = end.charAt(end.length() - 1);
        while (true) {
            int next = in.read();
            if (next < 0) {
                return text.toString();
            }
            text.append((char) next);
            if (next == last && text.indexOf(end, text.length() - end.length()) >= 0) {
                return text.toString();
            }
        }
    }

    /** Sends this piece again and again until the other side has closed; fails when it does not. */
    void trickleUntilCut(String piece, Duration pause) throws IOException {
        long start = System.nanoTime();
        socket.setSoTimeout((int) pause.toMillis());
        while (true) {
            try {
                send(piece);
                if (in.read() < 0) {
                    return;
                }
            } catch (SocketTimeoutException stillOpen) {
                if (System.nanoTime() - start > PATIENCE.toNanos()) {
                    throw new AssertionError("still open after " + PATIENCE);
                }
            } catch (SocketException closed) {
                return;
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
