package booking.chaos;

import booking.embedded.FreePorts;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Carries TCP connections to a server on this machine, until it is cut. A cut is silent: nothing arrives any more in
 * either direction and nobody is told, as when a switch fails; connections in use stay open and new ones are taken. What was on
 * its way is lost with the connection when the cable is mended, as both ends would find out sooner or later.
 */
final class Cable implements AutoCloseable {
    private static final int CONNECT_MILLIS = 2_000;

    private final ServerSocket entrance;
    private final int exit;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicLong swallowed = new AtomicLong();
    private volatile boolean cut;
    private volatile boolean closed;

    private Cable(ServerSocket entrance, int exit) {
        this.entrance = entrance;
        this.exit = exit;
    }

    /** A cable to this port of 127.0.0.1. */
    static Cable to(int exit) {
        try {
            ServerSocket entrance = new ServerSocket();
            entrance.setReuseAddress(true);
            entrance.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), FreePorts.any()));
            Cable cable = new Cable(entrance, exit);
            cable.run("cable to " + exit, cable::accept);
            return cable;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where to connect to. */
    int port() {
        return entrance.getLocalPort();
    }

    void cut() {
        swallowed.set(0);
        cut = true;
    }

    /** How many bytes did not arrive since it was cut last. */
    long swallowed() {
        return swallowed.get();
    }

    /** Connections that were open when it was cut, or were begun since, are closed; new ones work. */
    void mend() {
        closeConnections();
        cut = false;
    }

    /** Closes all connections at once; new ones work. Returns how many sockets were open. */
    int reset() {
        return closeConnections();
    }

    private int closeConnections() {
        List<Socket> open =
                sockets.stream().filter(socket -> !socket.isClosed()).toList();
        open.forEach(Cable::close);
        return open.size();
    }

    private void accept() {
        while (!closed) {
            try {
                Socket client = entrance.accept();
                sockets.add(client);
                run("cable to " + exit + " from " + client.getPort(), () -> connect(client));
            } catch (IOException e) {
                // Closed; or a client that was gone at once.
            }
        }
    }

    private void connect(Socket client) {
        Socket server = new Socket();
        sockets.add(server);
        try {
            server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), exit), CONNECT_MILLIS);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
        } catch (IOException nobodyThere) {
            end(client, server);
            return;
        }
        run("cable to " + exit + ", back", () -> carry(server, client));
        carry(client, server);
    }

    private void carry(Socket from, Socket to) {
        byte[] buffer = new byte[64 * 1024];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                if (cut) {
                    swallowed.addAndGet(count);
                } else {
                    out.write(buffer, 0, count);
                }
            }
        } catch (IOException broken) {
            // One end is gone, which the other will be told.
        }
        if (!cut) {
            end(from, to);
        }
    }

    private void end(Socket one, Socket other) {
        close(one);
        close(other);
        sockets.remove(one);
        sockets.remove(other);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // Then it is closed already.
        }
    }

    private void run(String name, Runnable work) {
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
        closeConnections();
    }
}
