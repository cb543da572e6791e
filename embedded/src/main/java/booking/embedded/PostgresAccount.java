package booking.embedded;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Who PostgreSQL runs as: it refuses to run as root.
 *
 * @param name for messages
 * @param prefix what its commands are started with
 * @param owner the user id that its files must belong to, if not ours
 */
record PostgresAccount(String name, CommandPrefix prefix, Optional<String> owner) {
    // Behind all of these the server is a direct child of ours. Where the system can do it, it is told to shut down
    // (SIGINT) when we die, and it has a session of its own, so that Ctrl-C reaches us alone and we stop it last.
    private static final String[] WITH_US = {"setpriv", "--pdeathsig", "INT", "setsid"};

    private static final long ROOT = 0;

    /** The nobody of every Linux. */
    private static final String NOBODY = "65534";

    /**
     * Root without a name: in a user namespace without a mapping PostgreSQL sees that it is nobody, while files and
     * directories, even below /root, are still opened with root's user id.
     */
    static final PostgresAccount ROOT_IN_NAMESPACE = new PostgresAccount(
            "root in a user namespace",
            CommandPrefix.of("setpriv", "--pdeathsig", "INT", "setsid", "unshare", "--user"),
            Optional.of("0"));

    /** For where user namespaces are forbidden, as in many containers. */
    static final PostgresAccount ROOT_AS_NOBODY = new PostgresAccount(
            "nobody",
            CommandPrefix.of(
                    "setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups", "--pdeathsig", "INT", "setsid"),
            Optional.of(NOBODY));

    static PostgresAccount forThisUser() {
        if (new UnixSystem().getUid() != ROOT) {
            CommandPrefix prefix = CommandPrefix.firstThatWorks(CommandPrefix.of(WITH_US), CommandPrefix.of("setsid"))
                    .orElse(CommandPrefix.NONE);
            return new PostgresAccount("this user", prefix, Optional.empty());
        }
        return Stream.of(ROOT_IN_NAMESPACE, ROOT_AS_NOBODY)
                .filter(account -> account.prefix.runs(List.of("true")))
                .findFirst()
                .orElseThrow(() -> new EmbeddedServerException(
                        "PostgreSQL does not run as root, and setpriv (from util-linux) is not here to run it as"
                                + " another user; start as an ordinary user, or install util-linux"));
    }

    boolean canRun(Path program) {
        return prefix.runs(List.of(program.toString(), "--version"));
    }

    /** A command of PostgreSQL's, run as this account. */
    ProcessBuilder process(List<String> command, ServerLog log) {
        ProcessBuilder builder = new ProcessBuilder(prefix.before(command))
                // Ours may be out of reach for another user.
                .directory(Path.of("/").toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.file().toFile()));
        // PGDATA, PGPORT and their like are meant for another server.
        builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
        builder.environment().put("LC_ALL", "C");
        return builder;
    }

    /** Gives the directory and all that is in it to this account. */
    void own(Path directory) {
        if (owner.isEmpty()) {
            return;
        }
        try {
            UserPrincipal user =
                    directory.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(owner.get());
            if (!Files.getOwner(directory).equals(user)) {
                try (Stream<Path> files = Files.walk(directory)) {
                    // The directory last: it tells the next time that all else is done.
                    for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                        Files.setOwner(file, user);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot give " + directory + " to " + name + ": " + e.getMessage(), e);
        }
        if (!prefix.runs(List.of("test", "-w", directory.toString()))) {
            throw new EmbeddedServerException("PostgreSQL does not run as root, and as " + name + " it cannot reach "
                    + directory + "; choose a directory that other users can reach, or start as an ordinary user");
        }
    }
}
