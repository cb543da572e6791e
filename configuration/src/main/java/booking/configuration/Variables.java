package booking.configuration;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigResolver;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.commons.text.similarity.LevenshteinDistance;
import org.jspecify.annotations.Nullable;

/** The {@code BOOKING_} variables of an environment. One that is blank counts as not set. */
final class Variables {
    static final String PREFIX = "BOOKING_";

    // The name of a file of keys is none.
    private static final Pattern SECRET_NAME =
            Pattern.compile("PASSWORD|SECRET|TOKEN|JAAS|CREDENTIAL|_KEY(?!S?_FILE$)");
    // A URL can carry a password too, and a key can be given where its file should be named.
    private static final Pattern SECRET_VALUE = Pattern.compile("(?i)password|secret|//[^/]*@|private key|bk_");
    private static final int LONGEST_SHOWN = 100;
    private static final int LETTERS_FOR_A_MISTAKE = 3;

    private final Map<String, String> values;

    Variables(Map<String, String> environment) {
        values = environment.entrySet().stream()
                .filter(variable -> variable.getKey().startsWith(PREFIX))
                .filter(variable -> !variable.getValue().isBlank())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, TreeMap::new));
    }

    /** The variable that sets a path: {@code http.max-streams} is {@code BOOKING_HTTP_MAX_STREAMS}. */
    static String nameOf(String path) {
        return PREFIX + path.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    }

    /** The one of these names that the given one may be a misspelling of. */
    static Optional<String> closest(String name, Collection<String> names) {
        LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
        int furthest = (name.length() - PREFIX.length()) / LETTERS_FOR_A_MISTAKE;
        return names.stream()
                .min(Comparator.comparingInt(known -> distance.apply(name, known)))
                .filter(known -> distance.apply(name, known) <= furthest);
    }

    boolean isSet(String name) {
        return values.containsKey(name);
    }

    /** Those whose names begin so. */
    Map<String, String> startingWith(String prefix) {
        return values.entrySet().stream()
                .filter(variable -> variable.getKey().startsWith(prefix))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, TreeMap::new));
    }

    /** What the variable is, in words, for a message; never a secret. */
    String describe(String name) {
        String value = values.getOrDefault(name, "");
        if (SECRET_NAME.matcher(name).find() || SECRET_VALUE.matcher(value).find()) {
            return "has a bad value (not shown, as it may be secret)";
        }
        String shown = value.length() <= LONGEST_SHOWN ? value : value.substring(0, LONGEST_SHOWN) + "...";
        return "is \"" + shown.replaceAll("\\p{Cntrl}", "?") + "\"";
    }

    /** The resource with each {@code ${?BOOKING_X}} in it replaced by the variable's value. */
    Config resolve(String resource) {
        return parse(resource).resolve(lookup(name -> true));
    }

    /** The resource as it is when no variable is set. */
    static Config defaults(String resource) {
        return parse(resource).resolve(new Variables(Map.of()).lookup(name -> true));
    }

    /** The variables that the resource names. */
    static Set<String> namedIn(String resource) {
        Set<String> names = new TreeSet<>();
        parse(resource).resolve(new Variables(Map.of()).lookup(names::add));
        return names;
    }

    private static Config parse(String resource) {
        return ConfigFactory.parseResources(
                Variables.class.getClassLoader(),
                resource,
                ConfigParseOptions.defaults().setAllowMissing(false));
    }

    private ConfigResolveOptions lookup(Predicate<String> asked) {
        // Not the process's own environment: who starts a service says what it gets.
        return ConfigResolveOptions.noSystem().appendResolver(new ConfigResolver() {
            @Override
            public @Nullable ConfigValue lookup(String path) {
                boolean unused = asked.test(path);
                String value = values.get(path);
                return value == null ? null : ConfigValueFactory.fromAnyRef(value, path);
            }

            @Override
            public ConfigResolver withFallback(ConfigResolver fallback) {
                return this;
            }
        });
    }
}
