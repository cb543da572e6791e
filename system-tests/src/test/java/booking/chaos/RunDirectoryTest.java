package booking.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import booking.embedded.TemporaryDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RunDirectoryTest {
    private final TemporaryDirectory all = TemporaryDirectory.create("run-directory-");

    @AfterEach
    void remove() {
        all.close();
    }

    @Test
    void whatAKilledRunLeftIsRemovedByTheNextRunBesideIt() throws IOException {
        Path killed = killedRun("booking-chaos-1");
        try (RunDirectory next = RunDirectory.at(all.path().resolve("booking-chaos-2"))) {
            RunDirectory.removeWhatKilledRunsLeft(next.path());

            assertThat(killed).doesNotExist();
            assertThat(next.path()).exists();
        }
    }

    @Test
    void whatAKilledRunLeftIsRemovedByTheNextRunInItsPlace() throws IOException {
        Path killed = killedRun("here");
        Files.writeString(killed.resolve("mine"), "not of any system");

        try (RunDirectory next = RunDirectory.at(killed)) {
            assertThat(killed.resolve("system-1")).doesNotExist();
            assertThat(next.newSystem()).isEqualTo(killed.resolve("system-1"));
        }

        assertThat(killed.resolve("mine")).exists();
    }

    @Test
    void whatWasKeptToBeLookedIntoStays() throws IOException {
        Path killed = killedRun("booking-chaos-1");
        Path kept = Files.createDirectory(killed.resolve("system-2"));
        Files.writeString(kept.resolve(RunDirectory.FINDINGS), "I2: answered twice");
        try (RunDirectory next = RunDirectory.at(all.path().resolve("booking-chaos-2"))) {
            RunDirectory.removeWhatKilledRunsLeft(next.path());
        }
        assertThat(killed.resolve("system-1")).doesNotExist();
        assertThat(kept).exists();

        try (RunDirectory next = RunDirectory.at(killed)) {
            assertThat(next.newSystem()).isNotEqualTo(kept);
        }
        assertThat(kept.resolve(RunDirectory.FINDINGS)).hasContent("I2: answered twice");
    }

    @Test
    void aRunThatIsGoingOnIsLeftAlone() throws IOException {
        try (RunDirectory running = RunDirectory.at(all.path().resolve("booking-chaos-1"));
                RunDirectory next = RunDirectory.at(all.path().resolve("booking-chaos-2"))) {
            Path system = running.newSystem();

            RunDirectory.removeWhatKilledRunsLeft(next.path());

            assertThat(system).exists();
            assertThatIllegalStateException()
                    .isThrownBy(() -> RunDirectory.at(running.path()))
                    .withMessageContaining(running.path().toString());
        }
    }

    @Test
    void aTemporaryDirectoryGoesWithItsRunUnlessSomethingWasKept() {
        Path nothing;
        try (RunDirectory run = RunDirectory.temporary()) {
            nothing = run.path();
            RunDirectory.remove(run.newSystem());
        }
        assertThat(nothing).doesNotExist();

        Path something;
        try (RunDirectory run = RunDirectory.temporary()) {
            something = run.path();
            run.keep(run.newSystem(), "I6: lost");
        }
        try (TemporaryDirectory kept = new TemporaryDirectory(something)) {
            assertThat(kept.path().resolve("system-1").resolve(RunDirectory.FINDINGS))
                    .hasContent("I6: lost");
            assertThat(kept.path().resolve(RunDirectory.RUNNING)).doesNotExist();
        }
    }

    /** As it looks when the process is gone: the lock's file, and nobody who holds it. */
    private Path killedRun(String name) throws IOException {
        Path run = Files.createDirectory(all.path().resolve(name));
        Files.createFile(run.resolve(RunDirectory.RUNNING));
        Files.createDirectories(run.resolve("system-1").resolve("kafka-1"));
        return run;
    }
}
