package booking.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PostgresArchiveTest {
    @ParameterizedTest
    @CsvSource({
        "Linux,    amd64,   postgres-linux-x86_64.txz",
        "Linux,    aarch64, postgres-linux-arm_64.txz",
        "Mac OS X, x86_64,  postgres-darwin-x86_64.txz",
        "Mac OS X, aarch64, postgres-darwin-arm_64.txz"
    })
    void isNamedAsInTheJarOfItsSystem(String name, String architecture, String resource) {
        assertThat(PostgresArchive.forSystem(name, architecture).resource()).isEqualTo(resource);
    }

    @Test
    void anotherSystemIsOneClearError() {
        assertThatThrownBy(() -> PostgresArchive.forSystem("Plan 9", "mips").identity())
                .isInstanceOf(EmbeddedServerException.class)
                .hasMessageContaining("no PostgreSQL for this system")
                .hasMessageContaining("Linux and macOS");
    }

    @Test
    void itsIdentityNamesTheVersion() {
        assertThat(PostgresArchive.forThisSystem().identity()).matches("postgresql-\\d+\\.\\d+\\.\\d+-[0-9a-f]{16}");
    }
}
