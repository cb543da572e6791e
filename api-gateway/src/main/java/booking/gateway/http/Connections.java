package booking.gateway.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The places for connections. When all are taken, a new connection gets the place of that which has kept us waiting longest:
 * for a TLS handshake, for a request, for an answer to be read. While those on which no whole request has come yet have more
 * than a part of the places, it is one of them; else one that has been served and is kept open. When we wait for none, the new
 * one is closed at once. So those who only hold connections push out others like them, and who says what it wants and reads
 * what it is told is served. Any thread may ask.
 */
final class Connections {
    /** More than one takes in the worst case: docs/fair-use.md tells what that is. */
    private static final long HEAP_BYTES_EACH = 128 << 10;

    private static final int FEWEST = 64;
    /** So large a part of them may be on their way out at a time, and still take memory: closing takes a moment. */
    private static final int PART_LEAVING = 4;
    /**
     * So large a part is for those who come, and who can send their first request before others push them out however many
     * have been served and stay.
     */
    private static final int PART_NEW = 4;

    private final int most;
    private final Counter refused;
    private final Counter displaced;

    // Guarded by this object.
    /** Those for which we wait, and how each is closed; in the order in which that began. */
    private final Map<Channel, Runnable> waitedFor = new LinkedHashMap<>();
    /** The same of those on which there has been a request; they are closed last. */
    private final Map<Channel, Runnable> waitedForAgain = new LinkedHashMap<>();

    private final Set<Channel> served = new HashSet<>();

    private final Set<Channel> leaving = new HashSet<>();
    private int open;

    Connections(HttpSettings settings, MeterRegistry meters) {
        this(
                settings.connections() > 0
                        ? settings.connections()
                        : Math.toIntExact(Math.max(FEWEST, Runtime.getRuntime().maxMemory() / HEAP_BYTES_EACH)),
                meters);
    }

    /** So many places. */
    Connections(int most, MeterRegistry meters) {
        this.most = most;
        this.refused = Counter.builder("booking.http.connections.refused")
                .description("Connections that were closed at once, as there was no place for them")
                .register(meters);
        this.displaced = Counter.builder("booking.http.connections.displaced")
                .description("Connections that kept the gateway waiting, and were closed to make room for others")
                .register(meters);
        Gauge.builder("booking.http.connections.open", this, Connections::open)
                .description("Connections that are open")
                .register(meters);
        Gauge.builder("booking.http.connections.limit", this, places -> places.most)
                .description("How many there may be")
                .register(meters);
    }

    /** Gives one that has just been accepted a place; false when it has to be closed at once. */
    boolean admit(Channel channel) {
        Optional<Runnable> makeRoom = Optional.empty();
        synchronized (this) {
            if (open - leaving.size() >= most) {
                makeRoom = longestWaitedFor();
                if (makeRoom.isEmpty()) {
                    refused.increment();
                    return false;
                }
            }
            open++;
            waitedFor.put(channel, () -> {
                var unused = channel.close();
            });
        }
        var unusedEnd = channel.closeFuture().addListener(closed -> remove(channel));
        makeRoom.ifPresent(close -> {
            displaced.increment();
            close.run();
        });
        return true;
    }

    /** We wait for its client now. */
    synchronized void waitFor(Channel channel, Runnable close) {
        // Once it is closed nobody would take it out again.
        if (channel.isOpen() && !leaving.contains(channel)) {
            Map<Channel, Runnable> waiting = served.contains(channel) ? waitedForAgain : waitedFor;
            waiting.remove(channel);
            waiting.put(channel, close);
        }
    }

    /** Its client has sent a request, and waits for us now. */
    synchronized void serve(Channel channel) {
        waitedFor.remove(channel);
        waitedForAgain.remove(channel);
        if (channel.isOpen()) {
            served.add(channel);
        }
    }

    /**
     * Ends a connection now. To close it would wait until its client has taken what has been handed to it, for which that can
     * take as long as it likes: whatever it sends meanwhile keeps the connection from being idle.
     */
    static void cut(HttpConnection connection) {
        var unused = ((ConnectionBase) connection).channelHandlerContext().close();
    }

    /** How it is closed that has kept us waiting longest, if there is one that can go now. */
    private Optional<Runnable> longestWaitedFor() {
        Iterator<Map.Entry<Channel, Runnable>> waiting =
                (areManyNew() ? waitedFor : waitedForAgain).entrySet().iterator();
        if (!waiting.hasNext() || leaving.size() > most / PART_LEAVING) {
            return Optional.empty();
        }
        Map.Entry<Channel, Runnable> longest = waiting.next();
        if (!longest.getKey().isRegistered()) {
            // Accepted with this one, and nobody's yet who could close it.
            return Optional.empty();
        }
        waiting.remove();
        leaving.add(longest.getKey());
        return Optional.of(longest.getValue());
    }

    private boolean areManyNew() {
        return waitedFor.size() > most / PART_NEW || waitedForAgain.isEmpty();
    }

    private synchronized void remove(Channel channel) {
        open--;
        waitedFor.remove(channel);
        waitedForAgain.remove(channel);
        served.remove(channel);
        leaving.remove(channel);
    }

    private synchronized int open() {
        return open;
    }
}
