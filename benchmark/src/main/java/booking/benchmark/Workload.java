package booking.benchmark;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What is asked for. */
public enum Workload {
    /** Everybody wants the same single place. */
    ONE_PLACE("one place"),
    /** One event, and everybody gets a place. */
    STADIUM("stadium"),
    /** Ten thousand events of one place, the first wanted twice as often as the second, and so on; some ask again. */
    CALENDAR("calendar"),
    /** Twenty events, from small ones to large ones: bookings, holds, confirmations, cancellations and waiting lines. */
    SALE_DAY("sale day");

    private final String title;

    Workload(String title) {
        this.title = title;
    }

    /** What it is called in tables. */
    public String title() {
        return title;
    }

    /** What it is called on the command line. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** How many seats each of its events has. */
    List<Integer> capacities() {
        return switch (this) {
            case ONE_PLACE -> List.of(1);
            case STADIUM -> List.of(2_000_000_000);
            case CALENDAR -> Collections.nCopies(10_000, 1);
            case SALE_DAY ->
                IntStream.range(0, 20)
                        .map(i -> Math.min(20_000, 50 << i))
                        .boxed()
                        .toList();
        };
    }

    /**
     * The one that is called so.
     *
     * @throws IllegalArgumentException when none is; the message names all
     */
    public static Workload of(String id) {
        return Arrays.stream(values())
                .filter(workload -> workload.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no workload is called '" + id + "'; there are "
                        + Arrays.stream(values()).map(Workload::id).collect(Collectors.joining(", "))));
    }
}
