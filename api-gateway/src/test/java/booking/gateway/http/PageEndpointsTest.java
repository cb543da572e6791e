package booking.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PageEndpointsTest {

    @Test
    void everyFileOfThePageIsServed() throws IOException, URISyntaxException {
        Path index = Path.of(Objects.requireNonNull(PageEndpoints.class.getResource("/booking/gateway/page/index.html"))
                .toURI());
        try (Stream<Path> files = Files.list(Objects.requireNonNull(index.getParent()))) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> !name.equals("index.html")))
                    .containsExactlyInAnyOrderElementsOf(PageEndpoints.OWN);
        }
    }
}
