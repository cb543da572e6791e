package booking.processor.protocol;

/**
 * What is committed in Kafka.
 *
 * @param offset of the group
 * @param results for each command in the log what its result says, or a dot
 */
record Kafka(int offset, String results) {

    Kafka published(String added) {
        String rows = results;
        for (int at = 0; at < added.length(); at++) {
            if (added.charAt(at) != Row.NONE) {
                rows = Row.with(rows, at, rows.charAt(at) == Row.NONE ? added.charAt(at) : Row.TWICE);
            }
        }
        return new Kafka(offset, rows);
    }

    Kafka at(int committed) {
        return new Kafka(committed, results);
    }
}
