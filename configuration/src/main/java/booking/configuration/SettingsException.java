package booking.configuration;

import java.util.List;
import java.util.Map;

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

    /**
     * The same problems, where values were given by other means than their variables.
     *
     * @param meansByVariable what is named in place of a variable, such as an option of the command line
     */
    public SettingsException naming(Map<String, String> meansByVariable) {
        return new SettingsException(problems.stream()
                .map(problem -> {
                    String variable = problem.substring(0, problem.indexOf(' '));
                    return meansByVariable.getOrDefault(variable, variable) + problem.substring(variable.length());
                })
                .toList());
    }
}
