package booking.standalone.client;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Rows whose columns are in line, however long the cells are. */
final class Table {
    private static final String GAP = "  ";

    private final List<List<String>> rows = new ArrayList<>();

    Table(String... headings) {
        rows.add(List.of(headings));
    }

    /** @param cells one for each heading */
    void add(String... cells) {
        rows.add(List.of(cells));
    }

    void print(PrintWriter out) {
        int last = rows.get(0).size() - 1;
        int[] widths = new int[last];
        for (List<String> row : rows) {
            for (int i = 0; i < last; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (List<String> row : rows) {
            for (int i = 0; i < last; i++) {
                out.print(row.get(i) + " ".repeat(widths[i] - row.get(i).length()) + GAP);
            }
            out.println(row.get(last));
        }
    }
}
