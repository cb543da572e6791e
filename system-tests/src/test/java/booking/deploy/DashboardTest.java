package booking.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Dashboard and alerts ask for metrics that there are: those of docs/metrics.md, which a test holds to the services. */
class DashboardTest {
    private static final Pattern METRIC = Pattern.compile("\\b(?:booking|hikaricp|process)_[a-z_]+");
    /** A row of its tables: the name, the kind, and the labels if there are any. */
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(booking_\\w+)` \\| \\w+ \\|([^|]*)\\|");

    private static final Pattern QUOTED = Pattern.compile("`(\\w+)`");
    /** In a selector, in what is summed by, and in what a line is called. */
    private static final Pattern LABEL =
            Pattern.compile("(\\w+)(?:=~|!~|!=|=)\"|\\bby \\(([^)]*)\\)|\\{\\{(\\w+)\\}\\}");
    /** Prometheus' own, and those of histograms. */
    private static final Set<String> EVERYWHERE = Set.of("job", "instance", "le");

    @ParameterizedTest
    @ValueSource(strings = {"grafana/dashboards/booking.json", "alerts.yml"})
    void everyMetricAskedForIsDocumented(String file) throws IOException {
        Set<String> documented = metrics(documentation());
        Set<String> asked = metrics(Files.readString(observed(file)));

        assertThat(asked).isNotEmpty();
        assertThat(asked.stream().map(DashboardTest::family)).isSubsetOf(documented);
    }

    @ParameterizedTest
    @ValueSource(strings = {"grafana/dashboards/booking.json", "alerts.yml"})
    void everyLabelAskedForIsOneOfItsMetric(String file) throws IOException {
        TreeMap<String, Set<String>> documented = new TreeMap<>();
        Matcher row = ROW.matcher(documentation());
        while (row.find()) {
            documented.put(
                    row.group(1),
                    QUOTED.matcher(row.group(2))
                            .results()
                            .map(label -> label.group(1))
                            .collect(Collectors.toSet()));
        }
        // JSON is YAML.
        JsonNode asking = new YAMLMapper().readTree(observed(file).toFile());

        assertThat(asking.findParents("expr")).isNotEmpty().allSatisfy(asked -> {
            String query =
                    asked.path("expr").asText() + asked.path("legendFormat").asText();
            Set<String> labels = metrics(query).stream()
                    .flatMap(metric -> documented.getOrDefault(family(metric), Set.of()).stream())
                    .collect(Collectors.toCollection(() -> new TreeSet<>(EVERYWHERE)));
            assertThat(labels(query)).as(query).isSubsetOf(labels);
        });
    }

    private static Set<String> labels(String query) {
        return LABEL.matcher(query)
                .results()
                .flatMap(found -> Stream.of(found.group(1), found.group(2), found.group(3)))
                .filter(Objects::nonNull)
                .flatMap(names -> Stream.of(names.split(", *", -1)))
                .collect(Collectors.toSet());
    }

    private static String documentation() throws IOException {
        return Files.readString(Path.of("..", "docs", "metrics.md"));
    }

    private static Path observed(String file) {
        return Path.of("..", "deploy", "observe").resolve(file);
    }

    private static String family(String series) {
        return series.replaceAll("_(bucket|sum|count)$", "");
    }

    private static Set<String> metrics(String text) {
        return METRIC.matcher(text).results().map(metric -> metric.group()).collect(Collectors.toSet());
    }
}
