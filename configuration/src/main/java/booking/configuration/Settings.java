package booking.configuration;

import static java.util.Objects.requireNonNull;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A service's settings while they are read. A bad value is noted and its default taken instead, so that all bad values
 * are told at once when the reading is done.
 *
 * <p>A service has one resource that lists each setting with its default, and after it the variable that changes it:
 *
 * <pre>
 * http.port = 8080
 * http.port = ${?BOOKING_HTTP_PORT}
 * </pre>
 */
public final class Settings {
    /** The resource of the processor. */
    public static final String PROCESSOR = "booking/configuration/processor.conf";
    /** The resource of the gateway. */
    public static final String GATEWAY = "booking/configuration/gateway.conf";

    /** The resource of the auditor. */
    public static final String AUDITOR = "booking/configuration/auditor.conf";

    /** The resource of the step that makes tables and topics. */
    public static final String SETUP = "booking/configuration/setup.conf";

    /** Of the command line's clients, who may share an environment with the services. */
    private static final Set<String> OF_CLIENTS = Set.of("BOOKING_API_KEY", "BOOKING_CA_FILE");

    private final Variables variables;
    private final Set<String> named;
    private final Config given;
    private final Config defaults;
    private final Set<String> read = new TreeSet<>();
    private final List<String> problems = new ArrayList<>();

    private Settings(String resource, Variables variables) {
        this.variables = variables;
        this.named = Variables.namedIn(resource);
        this.given = variables.resolve(resource);
        this.defaults = Variables.defaults(resource);
    }

    /**
     * Reads the settings that the resource lists.
     *
     * <p>A {@code BOOKING_} variable that is not known is an error. All parts may be given the same variables, so
     * those of the others are known as well.
     *
     * @param environment the variables, usually {@link System#getenv()}; those that do not start with {@code BOOKING_}
     *     are ignored
     * @param reader makes the service's own record out of the settings
     * @throws SettingsException when a value is bad or a variable unknown
     */
    public static <T> T load(String resource, Map<String, String> environment, Function<Settings, T> reader) {
        Variables variables = new Variables(environment);
        Settings settings = new Settings(resource, variables);
        settings.problems.addAll(unknown(variables, settings.named));
        LogSettings.check(settings);
        T result = reader.apply(settings);
        if (!settings.problems.isEmpty()) {
            throw new SettingsException(settings.problems);
        }
        settings.requireAllRead(resource);
        return result;
    }

    /**
     * Refuses the same variables as {@link #load}, for those who take none of these settings themselves.
     *
     * @throws SettingsException when a {@code BOOKING_} variable is not known
     */
    public static void requireKnown(Map<String, String> environment) {
        List<String> unknown = unknown(new Variables(environment), Set.of());
        if (!unknown.isEmpty()) {
            throw new SettingsException(unknown);
        }
    }

    /** A text as it is. */
    public String text(String path) {
        return value(path, Config::getString, "a text");
    }

    /**
     * A text of a certain form.
     *
     * @param form what the whole text must match
     * @param expected the form in words, such as "a list of host:port"
     */
    public String text(String path, Pattern form, String expected) {
        return value(
                path,
                (config, at) -> {
                    String text = config.getString(at);
                    require(form.matcher(text).matches());
                    return text;
                },
                expected);
    }

    /** A text that may be left out; its default in the resource is the empty text. */
    public Optional<String> optionalText(String path) {
        return Optional.of(text(path)).filter(text -> !text.isEmpty());
    }

    /** A whole number in a range, both ends included. */
    public int integer(String path, int min, int max) {
        return value(
                path,
                (config, at) -> {
                    int number = Integer.parseInt(config.getString(at).strip());
                    require(number >= min && number <= max);
                    return number;
                },
                "a whole number from " + min + " to " + max);
    }

    /** A duration in a range, both ends included, with its unit: {@code 500ms}, {@code 5s}, {@code 10m}, {@code 7d}. */
    public Duration duration(String path, Duration min, Duration max) {
        return value(
                path,
                (config, at) -> {
                    require(hasUnit(config, at));
                    Duration duration = config.getDuration(at);
                    require(duration.compareTo(min) >= 0 && duration.compareTo(max) <= 0);
                    return duration;
                },
                "a duration from " + inWords(min) + " to " + inWords(max)
                        + (hasUnit(given, path) ? "" : "; its unit is missing: ms, s, m, h or d"));
    }

    /** Without one it would be milliseconds, which is hardly what anybody means by 90. */
    private static boolean hasUnit(Config config, String path) {
        return config.getString(path).chars().anyMatch(Character::isLetter);
    }

    /** {@code true} or {@code false}. */
    public boolean bool(String path) {
        return value(
                path,
                (config, at) -> {
                    String text = config.getString(at).strip();
                    require(text.equals("true") || text.equals("false"));
                    return text.equals("true");
                },
                "true or false");
    }

    /** One of the enum's constants, written in lower case with {@code -} for {@code _}. */
    public <E extends Enum<E>> E choice(String path, Class<E> choices) {
        Map<String, E> byName =
                Arrays.stream(choices.getEnumConstants()).collect(Collectors.toMap(Settings::nameOf, e -> e));
        return value(
                path,
                (config, at) -> {
                    String name = config.getString(at).strip().toLowerCase(Locale.ROOT);
                    require(byName.containsKey(name));
                    return requireNonNull(byName.get(name));
                },
                "one of "
                        + Arrays.stream(choices.getEnumConstants())
                                .map(Settings::nameOf)
                                .collect(Collectors.joining(", ")));
    }

    /** Notes that a setting does not go together with the others; {@code expected} completes "must be". */
    public void reject(String path, String expected) {
        note(variableOf(path), expected, defaults.getString(path));
    }

    Map<String, String> variablesStartingWith(String prefix) {
        return variables.startingWith(prefix);
    }

    Set<String> namedVariables() {
        return named;
    }

    private <T> T value(String path, Reading<T> reading, String expected) {
        String variable = variableOf(path);
        read.add(variable);
        T fallback = reading.from(defaults, path);
        try {
            return reading.from(given, path);
        } catch (ConfigException | IllegalArgumentException e) {
            note(variable, expected, defaults.getString(path));
            return fallback;
        }
    }

    private void note(String variable, String expected, String usual) {
        String value = variables.isSet(variable) ? variables.describe(variable) : "is not set";
        problems.add(variable + " " + value + ", must be " + expected
                + (usual.isEmpty() ? "" : " (default: " + usual + ")"));
    }

    private String variableOf(String path) {
        String variable = Variables.nameOf(path);
        if (!named.contains(variable)) {
            throw new IllegalStateException("no line \"" + path + " = ${?" + variable + "}\" in the resource");
        }
        return variable;
    }

    /** A line for each variable that is neither one of these nor known to any part. */
    private static List<String> unknown(Variables variables, Set<String> named) {
        Set<String> given =
                new TreeSet<>(variables.startingWith(Variables.PREFIX).keySet());
        given.removeAll(OF_CLIENTS);
        if (given.isEmpty()) {
            // Clients, which are given no others, need not wait for the reading of the resources.
            return List.of();
        }
        Set<String> known = new TreeSet<>(named);
        known.addAll(Variables.namedIn(PROCESSOR));
        known.addAll(Variables.namedIn(GATEWAY));
        known.addAll(Variables.namedIn(SETUP));
        known.addAll(Variables.namedIn(AUDITOR));
        known.addAll(OF_CLIENTS);
        known.addAll(KafkaSettings.clientVariables());
        given.removeAll(known);
        return given.stream()
                .map(variable -> variable + " is not a setting; "
                        + Variables.closest(variable, known)
                                .map(near -> "did you mean " + near + "?")
                                .orElse("the README has a table of all"))
                .toList();
    }

    // A setting that nobody reads would be set without effect.
    private void requireAllRead(String resource) {
        Set<String> unread = new TreeSet<>(named);
        unread.removeAll(read);
        if (!unread.isEmpty()) {
            throw new IllegalStateException(resource + " lists settings that are never read: " + unread);
        }
    }

    private static void require(boolean holds) {
        if (!holds) {
            throw new IllegalArgumentException("not of the expected form");
        }
    }

    private static String nameOf(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String inWords(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 86_400_000 == 0 && millis > 0) {
            return millis / 86_400_000 + "d";
        }
        if (millis % 1000 == 0) {
            return millis / 1000 + "s";
        }
        return millis + "ms";
    }

    /** Reads one value out of a resource; throws when it is not as it must be. */
    @FunctionalInterface
    private interface Reading<T> {
        T from(Config config, String path);
    }
}
