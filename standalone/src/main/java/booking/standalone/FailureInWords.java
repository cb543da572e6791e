package booking.standalone;

import booking.auditor.AuditFailedException;
import booking.benchmark.BenchmarkException;
import booking.configuration.SettingsException;
import booking.embedded.EmbeddedServerException;
import booking.standalone.client.GatewayException;
import booking.standalone.start.StartFailedException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Tells why a command failed: in one sentence where the reason is known, with all there is to know where it is not. */
final class FailureInWords implements IExecutionExceptionHandler {
    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
        PrintWriter err = command.getErr();
        if (failure instanceof EmbeddedServerException
                || failure instanceof GatewayException
                || failure instanceof StartFailedException
                || failure instanceof AuditFailedException
                || failure instanceof BenchmarkException
                || failure instanceof SettingsException) {
            err.println(failure.getMessage());
        } else {
            failure.printStackTrace(err);
        }
        err.flush();
        return command.getCommandSpec().exitCodeOnExecutionException();
    }
}
