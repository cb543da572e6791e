package booking.processor;

import booking.embedded.FreePorts;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * Stands between clients and a broker, and can keep from the broker that the transactions of stream threads shall end, until
 * the thread has a new producer. Then it is as if the coordinator did not get done with a transaction: connections work, and
 * one request gets no answer.
 */
final class BrokerProxy implements AutoCloseable {
    private final ServerSocket entrance;
    private final int broker;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger withheld = new AtomicInteger();
    private volatile boolean withholding;
    private volatile boolean closed;

    /** @param broker where the broker will listen */
    BrokerProxy(int broker) {
        this.broker = broker;
        try {
            entrance = new ServerSocket();
            entrance.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), FreePorts.any()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        run("proxy", this::accept);
    }

    int port() {
        return entrance.getLocalPort();
    }

    /** From now on no transaction of a stream thread ends, until a new producer says that it takes over from the one before. */
    void withholdEndsOfTransactions() {
        withholding = true;
    }

    /** How many requests to end a transaction the broker has not got. */
    int withheld() {
        return withheld.get();
    }

    private void accept() {
        while (!closed) {
            try {
                Socket client = entrance.accept();
                sockets.add(client);
                connect(client);
            } catch (IOException e) {
                // Closed, or a client that was gone at once.
            }
        }
    }

    private void connect(Socket client) {
        Socket server = new Socket();
        sockets.add(server);
        try {
            server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), broker));
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
        } catch (IOException nobodyThere) {
            close(client);
            close(server);
            return;
        }
        run("proxy, requests", () -> carryRequests(client, server));
        run("proxy, answers", () -> carryAnswers(server, client));
    }

    private void carryRequests(Socket client, Socket server) {
        try {
            DataInputStream in = new DataInputStream(client.getInputStream());
            DataOutputStream out = new DataOutputStream(server.getOutputStream());
            boolean mute = false;
            while (true) {
                byte[] request = new byte[in.readInt()];
                in.readFully(request);
                // Answers come in the order of requests, so behind one without an answer there can be no other.
                mute = mute || isWithheld(request);
                if (!mute) {
                    out.writeInt(request.length);
                    out.write(request);
                    out.flush();
                }
            }
        } catch (EOFException end) {
            close(server);
        } catch (IOException broken) {
            close(client);
            close(server);
        }
    }

    /** A request begins with its kind and version, its number (4 bytes) and the client's id. */
    private boolean isWithheld(byte[] request) {
        ByteBuffer header = ByteBuffer.wrap(request);
        short kind = header.getShort();
        header.getShort();
        header.getInt();
        int length = header.getShort();
        String client = length < 0 ? "" : new String(request, header.position(), length, StandardCharsets.UTF_8);
        if (!withholding || !client.contains("-StreamThread-")) {
            return false;
        }
        if (kind == ApiKeys.END_TXN.id) {
            withheld.incrementAndGet();
            return true;
        }
        if (kind == ApiKeys.INIT_PRODUCER_ID.id && withheld.get() > 0) {
            withholding = false;
        }
        return false;
    }

    private static void carryAnswers(Socket server, Socket client) {
        try {
            server.getInputStream().transferTo(client.getOutputStream());
        } catch (IOException broken) {
            // One end is gone, which the other is told below.
        }
        close(server);
        close(client);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // Then it is closed already.
        }
    }

    private static void run(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        closed = true;
        try {
            entrance.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        sockets.forEach(BrokerProxy::close);
    }
}
