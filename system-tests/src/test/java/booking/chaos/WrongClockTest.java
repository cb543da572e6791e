package booking.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import booking.embedded.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class WrongClockTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @Test
    void aProcessTellsByItsAnswerHowWrongItsClockIs() throws Exception {
        assertThat(aheadOfWhoIs(Duration.ZERO)).isCloseTo(Duration.ZERO, PATIENCE);
        assertThat(aheadOfWhoIs(Duration.ofMinutes(-30))).isCloseTo(Duration.ofMinutes(-30), PATIENCE);
    }

    @Test
    void whoDoesNotAnswerDoesNotTell() throws InterruptedException {
        assertThat(WrongClock.awaitAhead(at(FreePorts.any()), Duration.ZERO)).isEmpty();
    }

    private static Duration aheadOfWhoIs(Duration wrong) throws Exception {
        try (ServerSocket server = new ServerSocket()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            CompletableFuture<Void> answered = CompletableFuture.runAsync(() -> answer(server, wrong));
            Duration ahead =
                    WrongClock.awaitAhead(at(server.getLocalPort()), PATIENCE).orElseThrow();
            answered.join();
            return ahead;
        }
    }

    private static URI at(int port) {
        return URI.create("http://127.0.0.1:" + port + "/");
    }

    private static void answer(ServerSocket server, Duration wrong) {
        try (Socket client = server.accept()) {
            var unused = client.getInputStream().read();
            String date = ZonedDateTime.now(ZoneOffset.UTC).plus(wrong).format(DateTimeFormatter.RFC_1123_DATE_TIME);
            client.getOutputStream()
                    .write(("HTTP/1.1 204 No Content\r\nDate: " + date + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            client.shutdownOutput();
            // So that the rest of the question does not become a reset.
            client.getInputStream().readAllBytes();
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }
}
