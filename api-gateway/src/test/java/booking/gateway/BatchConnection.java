package booking.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A batch, sent line by line while its answers are read, in chunks of HTTP/1.1. */
final class BatchConnection implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int PATIENCE_MILLIS = 60_000;

    private final Socket socket = new Socket();
    private final InputStream in;
    private int left;
    private boolean headRead;

    /** Begins a batch with these headers, each with its end. */
    BatchConnection(int port, String... headers) throws IOException {
        socket.setReceiveBufferSize(16 * 1024);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        in = new BufferedInputStream(socket.getInputStream());
        write("POST /v1/bookings:batch HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n"
                + "Transfer-Encoding: chunked\r\n" + String.join("", headers) + "\r\n");
    }

    private void write(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    }

    /** Sends this, which may be any number of lines. */
    BatchConnection send(String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        ByteArrayOutputStream chunk = new ByteArrayOutputStream();
        chunk.write((Integer.toHexString(bytes.length) + "\r\n").getBytes(ISO_8859_1));
        chunk.write(bytes);
        chunk.write("\r\n".getBytes(ISO_8859_1));
        socket.getOutputStream().write(chunk.toByteArray());
        return this;
    }

    /** There are no more lines. */
    BatchConnection end() throws IOException {
        write("0\r\n\r\n");
        return this;
    }

    /** The next answer; nothing when there are no more. */
    Optional<JsonNode> answer() throws IOException {
        if (!headRead) {
            String status = line();
            if (!status.startsWith("HTTP/1.1 200")) {
                throw new AssertionError("answered " + status);
            }
            while (!line().isEmpty()) {
                // Headers.
            }
            headRead = true;
        }
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        int next = read();
        while (next >= 0 && next != '\n') {
            text.write(next);
            next = read();
        }
        return next < 0 ? Optional.empty() : Optional.of(JSON.readTree(text.toByteArray()));
    }

    /** A byte of the answer without its chunks; none after the last one. */
    private int read() throws IOException {
        if (left == 0) {
            left = Integer.parseInt(line(), 16);
            if (left == 0) {
                line();
                return -1;
            }
        }
        int next = in.read();
        left--;
        if (left == 0) {
            line();
        }
        return next;
    }

    private String line() throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        int next = in.read();
        while (next >= 0 && next != '\n') {
            text.write(next);
            next = in.read();
        }
        if (next < 0) {
            throw new CutOffException();
        }
        return text.toString(ISO_8859_1).stripTrailing();
    }

    /** The answer stopped before its end. */
    static final class CutOffException extends IOException {
        private static final long serialVersionUID = 1;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
