package booking.standalone.start;

import java.io.PrintWriter;
import java.util.Locale;

/** Tells how far the start is, with the time that it took. */
final class Progress {
    private final PrintWriter writer;
    private final long startNanos = System.nanoTime();

    Progress(PrintWriter writer) {
        this.writer = writer;
    }

    void tell(String what) {
        writer.printf(Locale.ROOT, "%6.1f s  %s%n", (System.nanoTime() - startNanos) / 1e9, what);
        writer.flush();
    }
}
