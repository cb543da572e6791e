package booking.standalone.start;

import booking.embedded.EmbeddedServerException;
import booking.standalone.LogFile;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Runs everything until it is asked to stop. */
@Command(
        name = "start",
        description = "Runs the whole system on this machine: Kafka, PostgreSQL, the processor and the gateway.",
        footer = "One line tells when it is ready; Ctrl-C stops it. The services take BOOKING_ variables.")
public final class StartCommand implements Callable<Integer> {
    private static final int FAILED = 1;

    @Spec
    private CommandSpec spec;

    @ArgGroup
    private Place place = new Place();

    @Mixin
    private Ports ports = new Ports();

    @Override
    public Integer call() {
        Progress progress = new Progress(spec.commandLine().getErr());
        Parts parts = new Parts();
        new Stop(parts, progress).whenTheProcessEnds();
        ServiceVariables variables = new ServiceVariables(System.getenv());
        ports.reserveAskedFor();
        Path directory = place.claim(parts);
        LogFile log = LogFile.in(directory);
        try {
            variables.check();
        } catch (StartFailedException e) {
            // Only the directory is ours yet, and nobody was told of anything that could be seen to stop.
            parts.close();
            throw e;
        }
        try {
            LocalSystem system = LocalSystem.start(directory, ports, variables, parts, progress);
            spec.commandLine().getOut().println(system.readyLine());
            system.awaitEnd();
        } catch (RuntimeException e) {
            // While all is being stopped, parts end and others fail for it: no news.
            if (!parts.isClosed()) {
                throw inWords(e, log, place.isKept());
            }
        }
        return FAILED;
    }

    private static RuntimeException inWords(RuntimeException failure, LogFile log, boolean kept) {
        if (failure instanceof EmbeddedServerException || failure instanceof StartFailedException) {
            return failure;
        }
        log.error("The system stops", failure);
        String more = kept ? "more in " + log.file() : "without --ephemeral there would be more in the log";
        return new StartFailedException(failure.getMessage() + " (" + more + ")", failure);
    }
}
