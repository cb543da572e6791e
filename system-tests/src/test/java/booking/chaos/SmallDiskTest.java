package booking.chaos;

import static org.assertj.core.api.Assertions.assertThat;

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
            Optional<SmallDisk> disk = SmallDisk.mountAt(place);
            try {
                Files.createDirectories(place.resolve("data"));
                Files.writeString(place.resolve("data").resolve("log"), "what happened");

                disk.ifPresent(SmallDisk::keep);

                assertThat(Files.getFileStore(place)).isEqualTo(Files.getFileStore(directory.path()));
                assertThat(place.resolve("data").resolve("log")).hasContent("what happened");
            } finally {
                SmallDisk.unmountAllBelow(directory.path());
            }
        }
    }
}
