package booking.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApiKeyTest {
    private static final String HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    @Test
    void aLineIsReadAsItIsWritten() {
        ApiKey shop = new ApiKey("web-shop", HASH, Set.of(Role.READ, Role.BOOK, Role.ACT_FOR_OTHERS), Optional.empty());
        ApiKey alice = new ApiKey("alice.1", HASH, Set.of(Role.BOOK), Optional.of("alice"));

        assertThat(shop.line()).isEqualTo("web-shop sha256:" + HASH + " read,book,act-for-others");
        assertThat(ApiKey.parse(shop.line())).isEqualTo(shop);
        assertThat(ApiKey.parse("  " + alice.line() + "  ")).isEqualTo(alice);
    }

    @Test
    void theHashIsThatOfTheKeysText() {
        // The digest of "test", as sha256sum prints it.
        assertThat(ApiKey.sha256("test")).isEqualTo(HASH);
        assertThat(ApiKey.newText()).startsWith(ApiKey.PREFIX).hasSize(46).isNotEqualTo(ApiKey.newText());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "shop | must be NAME",
                "shop plain read | must be NAME",
                "shop sha256:123 read | 64 hexadecimal digits",
                "sh/op sha256:" + HASH + " read | a name has",
                "shop sha256:" + HASH + " read,admin | roles are read, book, manage-events, act-for-others",
                "shop sha256:" + HASH + " book | is for one user",
                "shop sha256:" + HASH + " book alice | user:NAME",
                "shop sha256:" + HASH + " book user: | 1 to 128",
                "shop sha256:" + HASH + " read user:a more | must be NAME"
            })
    void aBadLineIsToldWhatIsWrong(String line, String message) {
        assertThatThrownBy(() -> ApiKey.parse(line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"A B", " a", "a\tb", "a\n", "a\u00a0b", "a\u2003", "a\u0000"})
    void aUserWhoseLineWouldBeReadOtherwiseIsRefused(String user) {
        assertThatThrownBy(() -> new ApiKey("a", HASH, Set.of(Role.READ), Optional.of(user)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no spaces or line breaks");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bk_secret sha256:123 read",
                "bk_secret! sha256:" + HASH + " read",
                "shop sha256:" + HASH + " read,bk_secret",
                "shop sha256:" + HASH + " book bk_secret",
                "bk_secret sha256:" + HASH + " book",
                "bk_secret sha256:" + HASH + " read user:"
            })
    void aBadLineIsNotQuotedAsAKeyMayStandInIt(String line) {
        assertThatThrownBy(() -> ApiKey.parse(line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("bk_secret");
    }
}
