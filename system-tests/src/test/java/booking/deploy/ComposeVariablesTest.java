package booking.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The variables of docker-compose.yml are those of docs/containers.md, and those that a cluster sets. */
class ComposeVariablesTest {
    private static final Pattern USED = Pattern.compile("\\$\\{(\\w+)");
    private static final Pattern USED_WITH_DEFAULT = Pattern.compile("\\$\\{(\\w+):-[^}]+}");
    private static final Pattern QUOTED = Pattern.compile("`([A-Z][A-Z0-9_]*)`");
    private static final Pattern SET = Pattern.compile("(?m)^(\\w+)=");

    @Test
    void eachHasADefaultAndIsDocumented() throws IOException {
        String file = read("docker-compose.yml");

        assertThat(names(USED, file))
                .isNotEmpty()
                .isEqualTo(names(USED_WITH_DEFAULT, file))
                .isSubsetOf(names(QUOTED, read("docs", "containers.md")));
    }

    @Test
    void aClusterSetsNoOthers() throws IOException {
        Set<String> set = names(SET, read("deploy", "compose", "cluster.env"));
        set.remove("COMPOSE_PROFILES");

        assertThat(set).isNotEmpty().isSubsetOf(names(USED, read("docker-compose.yml")));
    }

    private static Set<String> names(Pattern pattern, String text) {
        Set<String> names = new TreeSet<>();
        pattern.matcher(text).results().forEach(found -> names.add(found.group(1)));
        return names;
    }

    private static String read(String... path) throws IOException {
        return Files.readString(Path.of("..", path));
    }
}
