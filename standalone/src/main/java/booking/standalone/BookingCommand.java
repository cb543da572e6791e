package booking.standalone;

import booking.standalone.access.KeyCommand;
import booking.standalone.audit.AuditCommand;
import booking.standalone.bench.BenchCommand;
import booking.standalone.chaos.ChaosCommand;
import booking.standalone.client.BookCommand;
import booking.standalone.client.BookingsCommand;
import booking.standalone.client.CancelCommand;
import booking.standalone.client.CloseCommand;
import booking.standalone.client.ConfirmCommand;
import booking.standalone.client.CreateCommand;
import booking.standalone.client.EventsCommand;
import booking.standalone.client.HoldCommand;
import booking.standalone.client.LeaveCommand;
import booking.standalone.client.UpdateCommand;
import booking.standalone.client.WaitCommand;
import booking.standalone.client.WatchCommand;
import booking.standalone.start.StartCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line as a whole. Its exit code is 0 for done, 1 for refused or failed, 2 for a wrong command line; an audit has its own. */
@Command(
        name = "booking",
        description = "A booking engine: first come, first served, never a place sold twice.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            StartCommand.class,
            CreateCommand.class,
            BookCommand.class,
            HoldCommand.class,
            ConfirmCommand.class,
            CancelCommand.class,
            WaitCommand.class,
            LeaveCommand.class,
            UpdateCommand.class,
            CloseCommand.class,
            EventsCommand.class,
            BookingsCommand.class,
            WatchCommand.class,
            KeyCommand.class,
            AuditCommand.class,
            ChaosCommand.class,
            BenchCommand.class,
            HelpCommand.class
        })
public final class BookingCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    /** Runs the command that the arguments name. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new BookingCommand()).setExecutionExceptionHandler(new FailureInWords());
        addHelp(line);
        line.getSubcommands().values().forEach(BookingCommand::addHelp);
        return line;
    }

    /** Lets {@code --help} be written where most people try it first; {@code help} has it already. */
    private static void addHelp(CommandLine line) {
        if (line.getCommandSpec().findOption("--help") == null) {
            line.getCommandSpec()
                    .addOption(OptionSpec.builder("-h", "--help")
                            .usageHelp(true)
                            .description("Show how it is used.")
                            .build());
        }
    }

    /** There is nothing to do without a command. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing required command");
    }
}
