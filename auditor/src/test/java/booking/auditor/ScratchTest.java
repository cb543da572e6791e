package booking.auditor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.type.StringDataType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScratchTest {
    /** Much more than is kept in memory. */
    private static final int RECORDS = 20_000;

    @Test
    void itsFileCanBeUsedAndHasNoNameThatAKilledAuditWouldLeaveBehind(@TempDir Path directory) {
        String padding = "x".repeat(5_000);
        try (Scratch scratch = new Scratch(directory)) {
            MVMap<String, String> map = scratch.map("some", StringDataType.INSTANCE, StringDataType.INSTANCE);
            assertThat(directory).isEmptyDirectory();

            for (int i = 0; i < RECORDS; i++) {
                map.put("key " + i, i + padding);
                scratch.tick();
            }

            assertThat(directory).isEmptyDirectory();
            for (int i = 0; i < RECORDS; i++) {
                assertThat(map.get("key " + i)).startsWith(i + "x");
            }
        }
        assertThat(directory).isEmptyDirectory();
    }
}
