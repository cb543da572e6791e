package booking.auditor;

import java.util.Comparator;
import java.util.Iterator;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Goes through two sorted lists side by side.
 *
 * @param <K> what they are sorted by
 * @param <V> what the model has
 */
final class MergeJoin<K, V> {
    private final Comparator<K> order;
    private final Iterator<Map.Entry<K, V>> model;
    private final BiConsumer<K, V> missingRow;
    private Map.@Nullable Entry<K, V> next;

    /** @param missingRow takes what the model has and the table has not */
    MergeJoin(Comparator<K> order, Iterator<Map.Entry<K, V>> model, BiConsumer<K, V> missingRow) {
        this.order = order;
        this.model = model;
        this.missingRow = missingRow;
        advance();
    }

    /** What the model has for the next row; null when it has nothing. */
    @Nullable
    V match(K row) {
        Map.Entry<K, V> current = next;
        while (current != null && order.compare(current.getKey(), row) < 0) {
            missingRow.accept(current.getKey(), current.getValue());
            advance();
            current = next;
        }
        if (current != null && order.compare(current.getKey(), row) == 0) {
            advance();
            return current.getValue();
        }
        return null;
    }

    /** There are no more rows. */
    void finish() {
        while (next != null) {
            missingRow.accept(next.getKey(), next.getValue());
            advance();
        }
    }

    private void advance() {
        next = model.hasNext() ? model.next() : null;
    }
}
