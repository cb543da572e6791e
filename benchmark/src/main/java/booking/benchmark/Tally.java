package booking.benchmark;

import booking.schemas.command.Book;
import booking.schemas.command.Cancel;
import booking.schemas.command.Hold;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** What was answered to the requests of one run, and how long that took. Used by one thread. */
final class Tally {
    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(2);
    private static final int MOST_COMPLAINTS = 5;

    private final Histogram latencies = new Histogram(LONGEST_NANOS, 3);
    private final List<@Nullable Answer> answers = new ArrayList<>();
    private final List<String> complaints = new ArrayList<>();
    private long firstNanos;
    private long lastNanos;
    private long decided;
    private long gaveUp;
    private long seatsGiven;
    private long cancelled;
    private long rejected;

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
                latencies.recordValue(Math.min(LONGEST_NANOS, Math.max(0, nowNanos - meantNanos)));
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
        if (answer == Answer.REJECTED) {
            rejected++;
        } else if (request.command() instanceof Book || request.command() instanceof Hold) {
            seatsGiven++;
        } else if (request.command() instanceof Cancel) {
            cancelled++;
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

    /** How many requests were refused by the rules. */
    long rejected() {
        return rejected;
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
