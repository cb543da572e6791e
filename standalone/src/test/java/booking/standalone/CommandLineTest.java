package booking.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
    @Test
    void helpNamesEveryCommand() {
        CommandLineRun run = CommandLineRun.of("help");

        assertThat(run.exitCode()).isZero();
        assertThat(run.output())
                .contains(
                        "  start ", "  create ", "  book ", "  hold ", "  confirm ", "  cancel ", "  wait ", "  leave ")
                .contains(
                        "  update ",
                        "  close ",
                        "  events ",
                        "  bookings ",
                        "  watch ",
                        "  audit ",
                        "  chaos ",
                        "  bench ",
                        "  help ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"start", "book", "audit", "chaos", "bench"})
    void eachCommandSaysHowItIsUsed(String command) {
        CommandLineRun run = CommandLineRun.of(command, "--help");

        assertThat(run.exitCode()).isZero();
        assertThat(run.output()).contains("Usage: booking " + command);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "steal",
                "book concert-42",
                "book concert-42 alice --quantity some",
                "book concert-42 alice --url nowhere",
                "create concert-42",
                "hold concert-42 alice --seconds some",
                "hold concert-42",
                "confirm concert-42",
                "update concert-42 --limit some",
                "close",
                "wait concert-42",
                "leave concert-42",
                "bookings",
                "bookings concert-42 --user alice",
                "audit --json yes",
                "bench --systems ours",
                "bench --workloads rush-hour",
                "bench --clients 0",
                "bench --json /nowhere/at/all.json",
                "start --port 70000",
                "start --port http",
                "start --data here --ephemeral"
            })
    void aWrongCommandLineIsToldFromAFailure(String line) {
        CommandLineRun run = CommandLineRun.of(line.isEmpty() ? new String[0] : line.split(" "));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.errors()).isNotBlank();
        assertThat(run.output()).isEmpty();
    }

    @Test
    void withoutAGatewayTheClientsSayHowToStartOne() {
        CommandLineRun run = CommandLineRun.of("events", "--url", "http://127.0.0.1:1");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.errors()).startsWith("no gateway answers at http://127.0.0.1:1; start one with");
    }

    @Test
    void somethingElseThanAGatewayIsToldApart() throws Exception {
        HttpServer other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
        other.createContext("/", call -> {
            call.sendResponseHeaders(404, -1);
            call.close();
        });
        other.start();
        try {
            CommandLineRun run = CommandLineRun.of(
                    "book",
                    "concert-42",
                    "alice",
                    "--url",
                    "http://127.0.0.1:" + other.getAddress().getPort());

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.errors()).startsWith("not the answer of a booking gateway (status 404)");
        } finally {
            other.stop(0);
        }
    }

    @Test
    void aLostAnswerComesWithTheWayToLearnIt() throws Exception {
        HttpServer careless = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
        careless.createContext("/", call -> call.close());
        careless.start();
        try {
            CommandLineRun run = CommandLineRun.of(
                    "book",
                    "concert-42",
                    "alice",
                    "--key",
                    "alice-1",
                    "--url",
                    "http://127.0.0.1:" + careless.getAddress().getPort());

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.errors()).contains("it may be done or not: the same command again with --key alice-1 tells");
        } finally {
            careless.stop(0);
        }
    }
}
