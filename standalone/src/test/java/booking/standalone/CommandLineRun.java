package booking.standalone;

import java.io.PrintWriter;
import java.io.StringWriter;

/**
 * One run of the command line, in this process.
 *
 * @param exitCode what a shell would see
 * @param output what it said on standard output
 * @param errors what it said on standard error
 */
record CommandLineRun(int exitCode, String output, String errors) {
    static CommandLineRun of(String... arguments) {
        StringWriter output = new StringWriter();
        StringWriter errors = new StringWriter();
        int exitCode = BookingCommand.commandLine()
                .setOut(new PrintWriter(output, true))
                .setErr(new PrintWriter(errors, true))
                .execute(arguments);
        return new CommandLineRun(exitCode, output.toString(), errors.toString());
    }
}
