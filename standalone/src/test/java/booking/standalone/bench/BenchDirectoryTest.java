package booking.standalone.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchDirectoryTest {
    @TempDir
    private Path all;

    @Test
    void itIsGoneAfterUse() throws IOException {
        Path made = made("booking-bench-1");

        BenchDirectory.temporaryIn(made).close();

        assertThat(made).doesNotExist();
    }

    @Test
    void whatIsKeptStaysAndIsNotTakenForWhatAKilledRunLeft() throws IOException {
        Path kept = made("booking-bench-1");
        try (BenchDirectory directory = BenchDirectory.temporaryIn(kept)) {
            directory.keep();
        }

        BenchDirectory.temporaryIn(made("booking-bench-2")).close();

        assertThat(kept.resolve("data")).exists();
    }

    @Test
    void whatAKilledRunLeftIsRemovedByTheNext() throws IOException {
        Path killed = made("booking-bench-1");
        Files.createFile(killed.resolve(BenchDirectory.RUNNING));

        BenchDirectory.temporaryIn(made("booking-bench-2")).close();

        assertThat(killed).doesNotExist();
    }

    @Test
    void whatARunThatGoesOnHasIsNotTouched() throws IOException {
        Path other = made("booking-bench-1");
        try (BenchDirectory running = BenchDirectory.temporaryIn(other)) {
            BenchDirectory.temporaryIn(made("booking-bench-2")).close();

            assertThat(running.path().resolve("data")).exists();
        }
    }

    @Test
    void aNamedOneHasToBeEmptyAndIsKept() throws IOException {
        Path named = all.resolve("new").resolve("place");
        BenchDirectory.at(named).close();
        assertThat(named).exists();

        Files.createFile(named.resolve("data"));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> BenchDirectory.at(named))
                .withMessageContaining("is not empty");
    }

    private Path made(String name) throws IOException {
        Path made = Files.createDirectory(all.resolve(name));
        Files.createFile(made.resolve("data"));
        return made;
    }
}
