package booking.gateway.http;

import java.io.ByteArrayOutputStream;
import java.util.Optional;

/**
 * Cuts what comes in pieces into lines. Of a line that is longer than it may be nothing is kept. Lines of nothing but spaces
 * are passed over; they count, so that a number is that of the line in the file that was sent.
 */
final class Lines {
    private static final byte[] NOTHING = {};

    private final int longest;
    private final ByteArrayOutputStream begun = new ByteArrayOutputStream();
    private byte[] piece = NOTHING;
    private int next;
    private long number = 1;
    /** The rest of a line that was told to be too long is on its way. */
    private boolean skipping;

    /**
     * One line.
     *
     * @param number of the line, from 1
     * @param text its bytes; nothing when they are too many
     */
    record Line(long number, Optional<byte[]> text) {}

    /**
     * With lines of so many bytes, without their ends.
     *
     * @param longest how many at most
     */
    Lines(int longest) {
        this.longest = longest;
    }

    /** Adds a piece; the one before must have been used up, as {@link #next()} tells by giving nothing. */
    void add(byte[] bytes) {
        if (next < piece.length) {
            throw new IllegalStateException("there are lines left in the piece before");
        }
        piece = bytes;
        next = 0;
    }

    /** The next line that has come as a whole, or is too long already. */
    Optional<Line> next() {
        while (next < piece.length) {
            int start = next;
            int end = start;
            while (end < piece.length && piece[end] != '\n') {
                end++;
            }
            boolean ends = end < piece.length;
            next = ends ? end + 1 : end;
            Optional<Line> line = take(start, end, ends);
            if (line.isPresent()) {
                return line;
            }
        }
        piece = NOTHING;
        next = 0;
        return Optional.empty();
    }

    private Optional<Line> take(int start, int end, boolean ends) {
        long current = number;
        if (ends) {
            number++;
        }
        if (skipping) {
            skipping = !ends;
            return Optional.empty();
        }
        if (ends && begun.size() == 0 && end - start <= longest && isBlank(piece, start, end)) {
            return Optional.empty();
        }
        if (begun.size() + (end - start) > longest) {
            begun.reset();
            skipping = !ends;
            return Optional.of(new Line(current, Optional.empty()));
        }
        begun.write(piece, start, end - start);
        return ends ? whole(current) : Optional.empty();
    }

    /** The last line, when nothing more comes and it has no end. */
    Optional<Line> last() {
        return whole(number);
    }

    private Optional<Line> whole(long current) {
        byte[] text = begun.toByteArray();
        begun.reset();
        return isBlank(text, 0, text.length) ? Optional.empty() : Optional.of(new Line(current, Optional.of(text)));
    }

    private static boolean isBlank(byte[] text, int start, int end) {
        for (int i = start; i < end; i++) {
            if (text[i] != ' ' && text[i] != '\t' && text[i] != '\r') {
                return false;
            }
        }
        return true;
    }
}
