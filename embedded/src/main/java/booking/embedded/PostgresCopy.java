package booking.embedded;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;

/**
 * A copy of a primary's data for a standby, made while the primary is at work (PostgreSQL documentation, "Making a Base
 * Backup Using the Low Level API"): the tools for it are not among our binaries.
 *
 * @param primary whose data is copied; it must keep its write-ahead log until the standby has got it ({@code
 *     wal_keep_size})
 * @param port where the standby reaches it, on 127.0.0.1
 */
record PostgresCopy(EmbeddedPostgres primary, int port) {
    static final String STANDBY_SIGNAL = "standby.signal";

    /** Their content belongs to the running server; the log is what the standby asks the primary for. */
    private static final Set<String> LEFT_EMPTY = Set.of(
            "pg_wal",
            "pg_replslot",
            "pg_dynshmem",
            "pg_notify",
            "pg_serial",
            "pg_snapshots",
            "pg_stat_tmp",
            "pg_subtrans");

    private static final Set<String> LEFT_OUT = Set.of("postmaster.pid", "postmaster.opts");

    /** Makes it in this directory, which is empty. */
    void to(Path target) throws IOException {
        try (Connection connection = DriverManager.getConnection(
                        primary.jdbcUrl(EmbeddedPostgres.SUPERUSER, EmbeddedPostgres.SUPERUSER));
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_backup_start('standby', true)");
            Files.walkFileTree(primary.data(), new Copying(primary.data(), target));
            try (ResultSet stopped = statement.executeQuery("SELECT labelfile FROM pg_backup_stop(false)")) {
                stopped.next();
                Files.writeString(target.resolve("backup_label"), stopped.getString(1));
            }
        } catch (SQLException e) {
            throw new EmbeddedServerException("cannot copy the primary: " + e.getMessage(), e);
        }
        Files.createFile(target.resolve(STANDBY_SIGNAL));
        Files.writeString(
                target.resolve("postgresql.auto.conf"),
                "primary_conninfo = 'host=127.0.0.1 port=" + port + " user=" + EmbeddedPostgres.SUPERUSER
                        + " application_name=" + PostgresReplication.STANDBY + "'\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    private static final class Copying extends SimpleFileVisitor<Path> {
        private final Path source;
        private final Path target;

        Copying(Path source, Path target) {
            this.source = source;
            this.target = target;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
            Path copy = target.resolve(source.relativize(directory));
            if (!directory.equals(source)) {
                Files.createDirectory(
                        copy, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            return LEFT_EMPTY.contains(source.relativize(directory).toString())
                    ? FileVisitResult.SKIP_SUBTREE
                    : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            if (!LEFT_OUT.contains(file.getFileName().toString())) {
                try {
                    Files.copy(file, target.resolve(source.relativize(file)));
                } catch (NoSuchFileException removedMeanwhile) {
                    // So the log says, which the standby will read.
                }
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
            if (failure instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
            }
            throw failure;
        }
    }
}
