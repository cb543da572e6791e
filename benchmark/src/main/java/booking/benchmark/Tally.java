package booking.benchmark;

import booking.schemas.command.Book;
import booking.schemas.command.Cancel;
import booking.schemas.command.Command;
import booking.schemas.command.Confirm;
import booking.schemas.command.Hold;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** What was answered to the requests of one run, and how long that took. Used by one thread. */
final class Tally {
    private static final int MOST_COMPLAINTS = 5;

    // It grows with what it is given: no latency is too long for it.
    private final Histogram latencies = new Histogram(3);
    private final List<@Nullable Answer> answers = new ArrayList<>();
    private final List<String> complaints = new ArrayList<>();
    private final Map<String, Demand> demands = new HashMap<>();
    private long firstNanos;
    private long lastNanos;
    private long decided;
    private long gaveUp;
    private long seatsGiven;
    private long cancelled;
    private long accepted;

    /** How many seats were wanted of an event, one by each request, and how many of these it gave. */
    private static final class Demand {
        private long wanted;
        private long given;
    }

    /** Tells when the first request was sent. */
    void begins(long nanos) {
        firstNanos = nanos;
        lastNanos = nanos;
    }

    /** Notes an answer, and when its request was meant to be sent. */
    void answered(Requests.Request request, Answer answer, long meantNanos, long nowNanos) {
        lastNanos = nowNanos;
        switch (answer) {
            case FAILED -> complain("request " + request.index() + " failed");
            case GAVE_UP -> gaveUp++;
            case ACCEPTED, REJECTED -> {
                decided++;
                accepted += answer == Answer.ACCEPTED ? 1 : 0;
                latencies.recordValue(Math.max(0, nowNanos - meantNanos));
                decided(request, answer);
            }
        }
    }

    private void decided(Requests.Request request, Answer answer) {
        while (answers.size() <= request.index()) {
            answers.add(null);
        }
        Answer before = answers.set(request.index(), answer);
        if (before != null) {
            if (before != answer) {
                complain("request " + request.index() + " was " + before + ", and " + answer + " when asked again");
            }
            return;
        }
        boolean granted = answer == Answer.ACCEPTED;
        Command command = request.command();
        if (command instanceof Book || command instanceof Hold) {
            Demand demand = demands.computeIfAbsent(command.eventId(), none -> new Demand());
            demand.wanted++;
            if (granted) {
                demand.given++;
                seatsGiven++;
            }
        } else if (command instanceof Cancel || command instanceof Confirm) {
            // Asked only of bookings and holds that were granted, and of each once.
            if (!granted) {
                complain("request " + request.index() + ", " + command.type().wireName() + ", was refused");
            } else if (command instanceof Cancel) {
                cancelled++;
            }
        }
    }

    /** Notes something that should not have happened. */
    void complain(String complaint) {
        if (complaints.size() < MOST_COMPLAINTS) {
            complaints.add(complaint);
        }
    }

    /** How many requests were decided, those asked again too. */
    long decided() {
        return decided;
    }

    /** How many were refused because others kept getting in between. */
    long gaveUp() {
        return gaveUp;
    }

    /** How many bookings and holds were granted; each once, however often it was asked for. */
    long seatsGiven() {
        return seatsGiven;
    }

    /** How many cancellations were granted. */
    long cancelled() {
        return cancelled;
    }

    /** Which share of the decisions granted what was asked for. */
    double grantedShare() {
        return decided == 0 ? 0 : accepted / (double) decided;
    }

    /**
     * How many events refused a seat without reason. Whoever is refused one is told that all are taken, and then as many were
     * given as there are; those that are given back only make it more.
     *
     * @param seats how many an event has
     */
    long eventsThatRefusedFreeSeats(ToIntFunction<String> seats) {
        return demands.entrySet().stream()
                .filter(event ->
                        event.getValue().given < Math.min(event.getValue().wanted, seats.applyAsInt(event.getKey())))
                .count();
    }

    /** What should not have happened; the first few. */
    List<String> complaints() {
        return List.copyOf(complaints);
    }

    /** Decisions in a second, from the first request to the last answer. */
    double throughput() {
        return lastNanos == firstNanos ? 0 : decided * 1e9 / (lastNanos - firstNanos);
    }

    /** The latency that so many of a hundred answers did not exceed, in milliseconds. */
    double percentileMillis(double percent) {
        return latencies.getValueAtPercentile(percent) / 1e6;
    }
}
