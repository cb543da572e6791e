package booking.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assumptions.assumeThat;

import booking.embedded.TemporaryDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Where no disk can be mounted, the same holds of the plain directory. */
class SmallDiskTest {
    @Test
    void whatWasOnADiskThatIsKeptIsThereAfterItIsUnmounted() throws IOException {
        try (TemporaryDirectory directory = TemporaryDirectory.create("small-disk-")) {
            Path place = directory.path().resolve("disk");
            var unused = SmallDisk.mountAt(place);
            try {
                Files.createDirectories(place.resolve("data"));
                Files.writeString(place.resolve("data").resolve("log"), "what happened");

                SmallDisk.keepAllBelow(directory.path());

                assertThat(Files.getFileStore(place)).isEqualTo(Files.getFileStore(directory.path()));
                assertThat(place.resolve("data").resolve("log")).hasContent("what happened");
            } finally {
                SmallDisk.unmountAllBelow(directory.path());
            }
        }
    }

    @Test
    void aDiskIsFullWhenNothingMoreFits() throws IOException {
        try (TemporaryDirectory directory = TemporaryDirectory.create("small-disk-")) {
            Path place = directory.path().resolve("disk");
            try (SmallDisk disk = mountedAt(place)) {
                assertThat(disk.fill()).isTrue();
                assertThatIOException().isThrownBy(() -> Files.write(place.resolve("more"), new byte[100_000]));

                disk.empty();
                Files.write(place.resolve("more"), new byte[100_000]);
            }
        }
    }

    @Test
    void aDiskThatIsNotThereIsNotFilled() throws IOException {
        try (TemporaryDirectory directory = TemporaryDirectory.create("small-disk-")) {
            Path place = directory.path().resolve("disk");
            SmallDisk disk = mountedAt(place);
            disk.close();
            Files.delete(place);

            assertThat(disk.fill()).isFalse();
        }
    }

    private static SmallDisk mountedAt(Path place) {
        Optional<SmallDisk> mounted = SmallDisk.mountAt(place, "1m");
        assumeThat(mounted).as("disks can be mounted here, which takes root").isPresent();
        return mounted.get();
    }
}
