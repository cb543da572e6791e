package booking.benchmark;

import booking.schemas.command.Book;
import booking.schemas.command.Cancel;
import booking.schemas.command.Command;
import booking.schemas.command.Confirm;
import booking.schemas.command.Hold;
import booking.schemas.command.JoinWaitlist;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The requests of one run, made up from a seed. One thread asks for the next; another may tell what was answered.
 *
 * <p>Ids rise as those of UUIDs of version 7 do. The users of bookings and holds start with {@code u}, those who join a
 * line with {@code w}, so that seats given to who waits are told apart.
 */
final class Requests {
    private static final double ASKED_AGAIN = 0.05;
    private static final int REMEMBERED = 1_000;
    private static final int HOLD_SECONDS = 600;
    /** The fractional part of the golden ratio, in 64 bits: its multiples are far from each other. */
    private static final long GOLDEN_RATIO = 0x9E37_79B9_7F4A_7C15L;

    private final Workload workload;
    private final String run;
    private final long salt;
    private final SplittableRandom random;
    private final Zipf popularity;
    private final Request[] remembered = new Request[REMEMBERED];
    private final Queue<Command> bookings = new ConcurrentLinkedQueue<>();
    private final Queue<Command> holds = new ConcurrentLinkedQueue<>();
    private int count;

    /**
     * One request.
     *
     * @param index which one of the run it is, from 0
     * @param again whether it was asked before
     */
    record Request(int index, boolean again, Command command) {}

    /** @param run what the ids of its events start with */
    Requests(Workload workload, String run, long seed) {
        this.workload = workload;
        this.run = run;
        // Spread before they are put together: hashes of neighbouring runs differ in their last bits, as their seeds
        // do, and two
        // runs must never have the same ids.
        this.random = new SplittableRandom(seed * GOLDEN_RATIO ^ run.hashCode());
        this.salt = (random.nextLong() & 0xFFFF_FFFF_FFFF_0FFFL) | 0x7000L;
        this.popularity = new Zipf(workload.capacities().size(), workload == Workload.CALENDAR ? 1.0 : 0.0);
    }

    /** The first half of all command ids of this run. */
    long salt() {
        return salt;
    }

    /** The id of one of the events. */
    static String eventId(String run, int number) {
        return run + "-" + number;
    }

    /** How many seats one of its events has. */
    int seatsOf(String eventId) {
        return workload.capacities().get(Integer.parseInt(eventId.substring(run.length() + 1)));
    }

    Request next() {
        if (workload == Workload.CALENDAR && count > 0 && random.nextDouble() < ASKED_AGAIN) {
            Request before = remembered[random.nextInt(Math.min(count, REMEMBERED))];
            return new Request(before.index(), true, before.command());
        }
        Command command = workload == Workload.SALE_DAY ? onASaleDay() : book();
        Request request = new Request(count, false, command);
        remembered[count % REMEMBERED] = request;
        count++;
        return request;
    }

    /** Tells that a request was granted. */
    void accepted(Request request) {
        if (workload == Workload.SALE_DAY && !request.again()) {
            if (request.command() instanceof Book || request.command() instanceof Confirm) {
                bookings.add(request.command());
            } else if (request.command() instanceof Hold) {
                holds.add(request.command());
            }
        }
    }

    private Command onASaleDay() {
        int kind = random.nextInt(100);
        if (kind >= 45 && kind < 65) {
            return new Hold(id(), event(), "u" + count, 1, HOLD_SECONDS, Optional.empty(), OptionalLong.empty());
        }
        if (kind >= 65 && kind < 77) {
            Command hold = holds.poll();
            if (hold != null) {
                return new Confirm(id(), hold.eventId(), hold.commandId(), OptionalLong.empty());
            }
        }
        if (kind >= 77 && kind < 87) {
            Command booking = bookings.poll();
            if (booking != null) {
                UUID made = booking instanceof Confirm confirm ? confirm.bookingId() : booking.commandId();
                return new Cancel(id(), booking.eventId(), made, Optional.empty(), OptionalLong.empty());
            }
        }
        if (kind >= 87) {
            return new JoinWaitlist(id(), event(), "w" + count, 1, OptionalLong.empty());
        }
        return book();
    }

    private Book book() {
        return new Book(id(), event(), "u" + count, 1, OptionalLong.empty());
    }

    private String event() {
        return eventId(run, popularity.next(random));
    }

    private UUID id() {
        return new UUID(salt, 0x8000_0000_0000_0000L | count);
    }
}
