package booking.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Dashboard and alerts ask for metrics that there are: those of docs/metrics.md, which a test holds to the services. */
class DashboardTest {
    private static final Pattern METRIC = Pattern.compile("\\b(?:booking|hikaricp|process)_[a-z_]+");

    @ParameterizedTest
    @ValueSource(strings = {"grafana/dashboards/booking.json", "alerts.yml"})
    void everyMetricAskedForIsDocumented(String file) throws IOException {
        Set<String> documented = metrics(Path.of("..", "docs", "metrics.md"));
        Set<String> asked = metrics(Path.of("..", "deploy", "observe").resolve(file));

        assertThat(asked).isNotEmpty();
        assertThat(asked.stream().map(DashboardTest::family)).isSubsetOf(documented);
    }

    private static String family(String series) {
        return series.replaceAll("_(bucket|sum|count)$", "");
    }

    private static Set<String> metrics(Path file) throws IOException {
        Set<String> names = new TreeSet<>();
        Matcher matcher = METRIC.matcher(Files.readString(file));
        while (matcher.find()) {
            names.add(matcher.group());
        }
        return names;
    }
}
