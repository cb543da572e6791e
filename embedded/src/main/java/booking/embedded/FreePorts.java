package booking.embedded;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/** Finds ports on 127.0.0.1 that nobody listens on. */
public final class FreePorts {
    // From here on the system hands out ports to outgoing connections, which would race with our servers.
    private static final int END = 32_768;
    private static final int RANDOM_START = 10_000;

    // Servers start side by side in one process: a port that was found free is not yet listened on, and must not be
    // given to the next one.
    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

    private FreePorts() {}

    /** The first port from {@code start} on that is free and was not given before. */
    public static int nextFrom(int start) {
        for (int port = start; port < END; port++) {
            if (isFree(port) && GIVEN.add(port)) {
                return port;
            }
        }
        throw new EmbeddedServerException("no port from " + start + " to " + (END - 1) + " on 127.0.0.1 is free");
    }

    /** Any free port, at random, so that tests running side by side seldom look at the same ones. */
    public static int any() {
        return nextFrom(ThreadLocalRandom.current().nextInt(RANDOM_START, END - 1_000));
    }

    /** Whether a server can listen on this port now. */
    public static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            // As servers do: a connection of an earlier server that is still winding down is no obstacle.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(Loopback.ADDRESS, port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
