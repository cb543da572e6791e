package booking.configuration;

import java.util.List;

/** Says everything that is wrong with the settings at once, one line for each bad value. */
public final class SettingsException extends RuntimeException {
    private final List<String> problems;

    SettingsException(List<String> problems) {
        super(String.join(System.lineSeparator(), problems));
        this.problems = List.copyOf(problems);
    }

    /** One line for each bad value: the variable, what it is, and what would be right. */
    public List<String> problems() {
        return problems;
    }
}
