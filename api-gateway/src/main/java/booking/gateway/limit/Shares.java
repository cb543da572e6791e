package booking.gateway.limit;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** Leaves a part of some places to the other callers: each may have its share of them at once. Any thread may ask. */
public final class Shares {
    private static final int ALL = 100;
    private static final Optional<Runnable> UNCOUNTED = Optional.of(() -> {});

    private final boolean limited;
    private final int most;
    private final Map<String, Integer> taken = new ConcurrentHashMap<>();

    /**
     * Of so many places.
     *
     * @param percent how many of them one caller may have, 1 to 100; one place in any case
     */
    public Shares(int places, int percent) {
        this.limited = percent < ALL;
        this.most = Math.toIntExact(Math.max(1, (long) places * percent / ALL));
    }

    /** How many places one caller may have. */
    public int most() {
        return most;
    }

    /**
     * Counts one more place of this caller.
     *
     * @param caller its name, asked for only where it matters
     * @return what gives the place back, to be run once; nothing when the caller has its share
     */
    public Optional<Runnable> take(Supplier<String> caller) {
        if (!limited) {
            return UNCOUNTED;
        }
        String name = caller.get();
        AtomicBoolean granted = new AtomicBoolean();
        taken.compute(name, (same, before) -> {
            int had = before == null ? 0 : before;
            granted.set(had < most);
            return had < most ? Integer.valueOf(had + 1) : before;
        });
        return granted.get() ? Optional.of(() -> giveBack(name)) : Optional.empty();
    }

    private void giveBack(String name) {
        taken.computeIfPresent(name, (same, had) -> had == 1 ? null : Integer.valueOf(had - 1));
    }

    /** How many callers have something now. */
    int callers() {
        return taken.size();
    }
}
