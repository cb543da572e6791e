package booking.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import booking.configuration.SettingsException;
import booking.gateway.GatewaySettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApiKeysTest {
    private static final String KEY = ApiKey.newText();
    private static final String LINE =
            new ApiKey("shop", ApiKey.sha256(KEY), Set.of(Role.READ), Optional.empty()).line();

    @TempDir
    private Path directory;

    @Test
    void theHolderOfAKeyIsFound() throws IOException {
        try (ApiKeys keys = keys("# the shop\n\n" + LINE + "\n")) {
            assertThat(keys.caller(KEY).orElseThrow().name()).contains("key:shop");
            assertThat(keys.caller(ApiKey.newText())).isEmpty();
        }
    }

    @Test
    void aFileWithoutItsEndMayBeHalfWrittenAndIsNotTaken() {
        for (String half : new String[] {LINE, LINE + "\n" + LINE.substring(0, 9), ""}) {
            assertThatThrownBy(() -> keys(half))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("must end with a line feed");
        }
    }

    @Test
    void aBadLineIsToldByItsNumberAndNotByWhatItSays() {
        String again = LINE.replace("shop", "other");
        for (String bad : new String[] {KEY, "shop " + KEY + " read", KEY + " sha256:" + KEY + " read", LINE, again}) {
            assertThatThrownBy(() -> keys(LINE + "\n# more\n" + bad + "\n"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("line 3: ")
                    .hasMessageNotContaining(KEY)
                    .hasMessageNotContaining("other");
        }
    }

    @Test
    void aFileThatAGatewayCannotStartWithIsToldAmongTheBadValues() throws IOException {
        Path missing = directory.resolve("missing");
        Path bad = Files.writeString(directory.resolve("bad"), LINE + "\n" + KEY + "\n");
        Path good = Files.writeString(directory.resolve("good"), LINE + "\n");

        assertThatThrownBy(() -> settings(missing))
                .isInstanceOf(SettingsException.class)
                .hasMessage("BOOKING_AUTH_API_KEYS_FILE is \"" + missing
                        + "\", must be a file of API keys: there is no such file");
        assertThatThrownBy(() -> settings(bad))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("must be a file of API keys: line 2: ")
                .hasMessageNotContaining(KEY);
        assertThat(settings(good).access().apiKeysFile()).contains(good);
    }

    private static GatewaySettings settings(Path keys) {
        return GatewaySettings.from(Map.of("BOOKING_AUTH_API_KEYS_FILE", keys.toString()));
    }

    @Test
    void aFileThatCouldNotBeReadForAWhileIsCurrentAgainWhenItCan() throws IOException {
        try (ApiKeys keys = keys(LINE + "\n")) {
            Path file = directory.resolve("keys");
            Path away = Files.move(file, directory.resolve("away"));
            await().until(() -> !keys.areCurrent());
            Files.move(away, file);
            await().until(keys::areCurrent);
            assertThat(keys.caller(KEY)).isPresent();
        }
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(60));
    }

    private ApiKeys keys(String text) throws IOException {
        return new ApiKeys(Files.writeString(directory.resolve("keys"), text));
    }
}
