package booking.processor.protocol;

/**
 * What is committed in PostgreSQL. Of the tables' constraints it has none: they are the last guard, and the protocol has
 * to hold without them.
 *
 * @param progress the first offset that has not been decided
 * @param outcomes for each command id what was answered, or a dot
 * @param decisions for each command id how many decisions were applied to the books
 */
record Database(int progress, String outcomes, String decisions) {

    /** With progress moved, never back. */
    Database moved(int nextOffset) {
        return new Database(Math.max(progress, nextOffset), outcomes, decisions);
    }

    /** With these outcomes, one for each command id or a dot. */
    Database saved(String added) {
        String rows = outcomes;
        String counts = decisions;
        for (int id = 0; id < added.length(); id++) {
            if (added.charAt(id) != Row.NONE) {
                rows = Row.with(rows, id, added.charAt(id));
                counts = Row.with(counts, id, (char) Math.min('2', counts.charAt(id) + 1));
            }
        }
        return new Database(progress, rows, counts);
    }

    /** How often the books have changed; what a decision is based on. */
    int version() {
        return decisions.chars().map(count -> count - '0').sum();
    }
}
