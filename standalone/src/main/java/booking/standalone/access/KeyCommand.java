package booking.standalone.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import booking.gateway.access.ApiKey;
import booking.gateway.access.Role;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes an API key. */
@Command(
        name = "key",
        description = "Makes an API key, and its line for the file that BOOKING_AUTH_API_KEYS_FILE names.")
public final class KeyCommand implements Callable<Integer> {
    private static final String OWNER_ONLY = "rw-------";

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "NAME", description = "Whose it is: 1 to 64 of A-Z a-z 0-9 . _ -")
    private String name;

    @Option(
            names = "--roles",
            paramLabel = "ROLES",
            required = true,
            description = "What it allows: some of read, book, manage-events, act-for-others, separated by commas.")
    private String roles;

    @Option(
            names = "--user",
            paramLabel = "USER",
            description = "The user that it is for, without spaces; needed to book without act-for-others.")
    private @Nullable String user;

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description =
                    "Add the line to this file, and show the key alone. A running gateway takes it within seconds.")
    private @Nullable Path file;

    @Override
    public Integer call() {
        String key = ApiKey.newText();
        ApiKey line = line(key);
        PrintWriter out = spec.commandLine().getOut();
        if (file == null) {
            out.println("The key, for its holder only; it is kept nowhere:");
            out.println(key);
            out.println("The line for the file of keys:");
            out.println(line.line());
        } else {
            add(file, line);
            out.println(key);
        }
        return 0;
    }

    private ApiKey line(String key) {
        try {
            Set<Role> allowed = ApiKey.roles(roles);
            return new ApiKey(name, ApiKey.sha256(key), allowed, Optional.ofNullable(user));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private void add(Path keys, ApiKey line) {
        try {
            String before = Files.exists(keys) ? Files.readString(keys, UTF_8) : "";
            if (before.lines()
                    .anyMatch(other -> other.strip().split("\\s+", 2)[0].equals(line.name()))) {
                throw new ParameterException(
                        spec.commandLine(),
                        keys + " has a key of " + line.name() + " already; take that line out, or choose another name");
            }
            if (!Files.exists(keys)) {
                Files.createFile(
                        keys, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY)));
            }
            String separated = before.isEmpty() || before.endsWith("\n") ? "" : "\n";
            Files.writeString(keys, separated + line.line() + "\n", UTF_8, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new ParameterException(spec.commandLine(), "cannot write " + keys + ": " + e, e);
        }
    }
}
