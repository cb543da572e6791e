package booking.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The table in the README says what the resources say. */
class ReadmeTableTest {
    private static final Pattern ROW = Pattern.compile("\\| `(BOOKING_[A-Z_]+)` \\| ([PGSA ]+) \\| (.*?) \\| .* \\|");
    private static final Map<String, String> RESOURCES =
            Map.of("P", Settings.PROCESSOR, "G", Settings.GATEWAY, "S", Settings.SETUP, "A", Settings.AUDITOR);

    @Test
    void eachPartReadsTheVariablesThatTheTableSays() throws IOException {
        Map<String, TreeSet<String>> inTable = new TreeMap<>();
        Map<String, TreeSet<String>> inResources = new TreeMap<>();
        for (Matcher row : rows()) {
            for (String part : row.group(2).split(" ", -1)) {
                inTable.computeIfAbsent(part, none -> new TreeSet<>()).add(row.group(1));
            }
        }
        RESOURCES.forEach((part, resource) -> inResources.put(part, new TreeSet<>(Variables.namedIn(resource))));

        assertThat(inTable).isEqualTo(inResources);
    }

    @Test
    void theTableTellsTheDefaultsThatAreTaken() throws IOException {
        for (Matcher row : rows()) {
            for (String part : row.group(2).split(" ", -1)) {
                String resource = Objects.requireNonNull(RESOURCES.get(part), part);
                Config defaults = Variables.defaults(resource);
                assertThat(defaults.entrySet())
                        .filteredOn(
                                setting -> Variables.nameOf(setting.getKey()).equals(row.group(1)))
                        .singleElement()
                        .extracting(setting -> String.valueOf(setting.getValue().unwrapped()))
                        .as(row.group(1))
                        .isEqualTo(toldDefault(row.group(3), part));
            }
        }
    }

    /** {@code `7d`}, {@code none}, or {@code 4 (P), 8 (G)}. */
    private static String toldDefault(String cell, String part) {
        Matcher own = Pattern.compile("([^ ,]+) \\(" + part + "\\)").matcher(cell);
        if (own.find()) {
            return own.group(1);
        }
        return cell.equals("none") ? "" : cell.replace("`", "");
    }

    private static List<Matcher> rows() throws IOException {
        List<Matcher> rows = Files.readAllLines(Path.of("..", "README.md")).stream()
                .map(ROW::matcher)
                .filter(Matcher::matches)
                .toList();
        assertThat(rows).isNotEmpty();
        return rows;
    }
}
