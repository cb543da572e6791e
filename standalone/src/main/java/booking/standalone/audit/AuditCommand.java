package booking.standalone.audit;

import booking.auditor.Audit;
import booking.auditor.AuditReport;
import booking.auditor.AuditSettings;
import booking.auditor.ReportJson;
import booking.auditor.ReportText;
import booking.configuration.SettingsException;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Checks a system, running or not, and tells what it found. */
@Command(
        name = "audit",
        description = "Checks from outside that a system keeps its promises: never sold twice, nobody unanswered.",
        footer = {
            "",
            "What no option says is taken from the BOOKING_ variables, as the services",
            "take it, and else is that of a local system on its default ports; the",
            "password is taken from BOOKING_DATABASE_PASSWORD.",
            "",
            "With --json there is an object in any case; when the audit could not be done,",
            "its \"error\" says why.",
            "",
            "The exit code is 0 when every promise holds, 1 when one is broken, and 2",
            "when that is not known: not all could be checked, or the audit could not",
            "be done."
        },
        exitCodeOnExecutionException = AuditCommand.NOT_DONE)
public final class AuditCommand implements Callable<Integer> {
    static final int NOT_DONE = 2;

    private static final String CLEAR_LINE = "\r\033[K";

    @Spec
    private CommandSpec spec;

    @Option(names = "--bootstrap", paramLabel = "HOST:PORT", description = "The brokers (default: 127.0.0.1:9092).")
    private @Nullable String bootstrapServers;

    @Option(
            names = "--database",
            paramLabel = "JDBC_URL",
            description = {"The database (default:", "jdbc:postgresql://127.0.0.1:5432/booking)."})
    private @Nullable String databaseUrl;

    @Option(names = "--user", paramLabel = "ROLE", description = "Who may read the tables, such as booking_read.")
    private @Nullable String databaseUser;

    @Option(names = "--topics", paramLabel = "PREFIX", description = "What the names of the topics begin with.")
    private @Nullable String topicsPrefix;

    @Option(names = "--group", paramLabel = "GROUP", description = "The consumer group of the processors.")
    private @Nullable String group;

    @Option(
            names = "--replay",
            description = "Also decide the whole log once more, in a PostgreSQL started for it, and compare.")
    private boolean replay;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public Integer call() {
        try {
            return audited();
        } catch (OutOfMemoryError e) {
            // As an error it would end this process with the code of a broken promise.
            String why = "the audit ran out of memory; give it more with JDK_JAVA_OPTIONS=-Xmx1g";
            tellPrograms(why);
            spec.commandLine().getErr().println(why);
            return NOT_DONE;
        } catch (RuntimeException e) {
            tellPrograms(String.valueOf(e.getMessage()));
            throw e;
        }
    }

    /** Who asked for an object gets one in any case. */
    private void tellPrograms(String whyNotDone) {
        if (json) {
            spec.commandLine().getOut().println(ReportJson.notDone(whyNotDone));
            spec.commandLine().getOut().flush();
        }
    }

    private int audited() {
        // What the clients warn of, such as each attempt to connect, is said in one sentence at the end.
        System.setProperty("logback.configurationFile", "booking/standalone/errors-only.xml");
        AuditSettings settings = settings();
        Consumer<String> progress = progress();
        AuditReport report = Audit.run(settings, progress);
        if (replay) {
            progress.accept("deciding the log once more");
            report = report.with(Replay.run(ReplaySettings.of(settings)).asPromise());
            progress.accept("");
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(ReportJson.of(report));
        } else {
            out.print(ReportText.of(report));
        }
        out.flush();
        return report.exitCode();
    }

    private AuditSettings settings() {
        Map<String, String> variables = new HashMap<>(System.getenv());
        Map<String, String> optionByVariable = new HashMap<>();
        for (Said said : List.of(
                new Said("--bootstrap", bootstrapServers, "BOOKING_KAFKA_BOOTSTRAP_SERVERS"),
                new Said("--database", databaseUrl, "BOOKING_DATABASE_URL"),
                new Said("--user", databaseUser, "BOOKING_DATABASE_USER"),
                new Said("--topics", topicsPrefix, "BOOKING_TOPICS_PREFIX"),
                new Said("--group", group, "BOOKING_PROCESSOR_GROUP"))) {
            if (said.value != null) {
                variables.put(said.variable, said.value);
                optionByVariable.put(said.variable, said.option);
            }
        }
        try {
            return AuditSettings.from(variables);
        } catch (SettingsException e) {
            throw e.naming(optionByVariable);
        }
    }

    /** An option, if it was given, and the variable that it overrides. */
    private record Said(String option, @Nullable String value, String variable) {}

    /** One line that is written over and over, for who sits and waits; nothing for scripts. */
    private Consumer<String> progress() {
        if (!Ansi.AUTO.enabled()) {
            return step -> {};
        }
        PrintWriter err = spec.commandLine().getErr();
        return step -> {
            err.print(CLEAR_LINE + (step.isEmpty() ? "" : step + " ..."));
            err.flush();
        };
    }
}
