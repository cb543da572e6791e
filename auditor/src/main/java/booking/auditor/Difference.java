package booking.auditor;

import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;

/**
 * In what two sets of fields differ.
 *
 * @param expected the fields that differ, as they should be
 * @param found the same as they are
 */
record Difference(String expected, String found) {
    private static final String MISSING = "(none)";

    static Difference between(Map<String, String> expected, Map<String, String> found) {
        StringJoiner asExpected = new StringJoiner(", ");
        StringJoiner asFound = new StringJoiner(", ");
        expected.forEach((name, value) -> {
            if (!value.equals(found.get(name))) {
                asExpected.add(name + "=" + value);
                asFound.add(name + "=" + Objects.requireNonNullElse(found.get(name), MISSING));
            }
        });
        found.forEach((name, value) -> {
            if (!expected.containsKey(name)) {
                asExpected.add(name + "=" + MISSING);
                asFound.add(name + "=" + value);
            }
        });
        return new Difference(asExpected.toString(), asFound.toString());
    }

    boolean isEmpty() {
        return expected.isEmpty();
    }
}
