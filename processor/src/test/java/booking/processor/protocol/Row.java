package booking.processor.protocol;

/** Texts used as short rows of characters, which read well in a counterexample. */
final class Row {
    static final char NONE = '.';
    /** Decided before, and its outcome not found. */
    static final char FORGOTTEN = '-';
    /** Published a second time. */
    static final char TWICE = '!';

    private Row() {}

    static String with(String row, int at, char value) {
        return row.substring(0, at) + value + row.substring(at + 1);
    }

    static String empty(int length) {
        return String.valueOf(NONE).repeat(length);
    }
}
