package booking.gateway.read;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Some entries in the order of their ids.
 *
 * @param after where the next page starts; empty when this is the last one
 * @param <T> an entry
 */
public record Page<T>(List<T> entries, Optional<String> after) {
    public Page {
        entries = List.copyOf(entries);
    }

    /** A page of so many, when one more than that was looked for: it tells whether there is a next page. */
    static <T> Page<T> upTo(int limit, List<T> found, Function<T, String> id) {
        if (found.size() <= limit) {
            return new Page<>(found, Optional.empty());
        }
        return new Page<>(found.subList(0, limit), Optional.of(id.apply(found.get(limit - 1))));
    }
}
