package booking.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.io.file.PathUtils;

/**
 * PostgreSQL's binaries, unpacked.
 *
 * @param home the directory with {@code bin}, {@code lib} and {@code share}
 */
record PostgresBinaries(Path home) {
    private static final Set<PosixFilePermission> OTHERS_MAY_READ = PosixFilePermissions.fromString("rwxr-xr-x");

    Path initdb() {
        return home.resolve("bin/initdb");
    }

    Path postgres() {
        return home.resolve("bin/postgres");
    }

    /** Those in the given directory or else in the usual places, unpacked now if they are not there yet. */
    static PostgresBinaries find(Optional<Path> cache, PostgresAccount account) {
        PostgresArchive archive = PostgresArchive.forThisSystem();
        String identity = archive.identity();
        List<String> refusals = new ArrayList<>();
        for (Path place : cache.map(List::of).orElseGet(PostgresBinaries::usualPlaces)) {
            try {
                PostgresBinaries binaries = unpackedOnce(archive, place, identity);
                if (account.canRun(binaries.postgres())) {
                    return binaries;
                }
                refusals.add(place + ": " + account.name() + " cannot run programs there");
            } catch (IOException e) {
                refusals.add(place + ": " + e);
            }
        }
        throw new EmbeddedServerException("no place to unpack PostgreSQL to: " + String.join("; ", refusals));
    }

    private static List<Path> usualPlaces() {
        return List.of(
                Path.of(System.getProperty("user.home"), ".cache", "booking-engine"),
                Path.of(System.getProperty("java.io.tmpdir"), "booking-engine-" + System.getProperty("user.name")));
    }

    // One thread of one process unpacks; others wait for it rather than do the same work.
    private static synchronized PostgresBinaries unpackedOnce(PostgresArchive archive, Path cache, String identity)
            throws IOException {
        Path home = cache.resolve(identity);
        Files.createDirectories(cache);
        refuseStrangers(cache);
        if (Files.exists(home)) {
            return new PostgresBinaries(home);
        }
        Path lockFile = cache.resolve("unpacking.lock");
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            if (lock.isValid() && !Files.exists(home)) {
                Path unfinished = cache.resolve(identity + ".unfinished");
                if (Files.exists(unfinished)) {
                    PathUtils.deleteDirectory(unfinished);
                }
                Files.createDirectories(unfinished);
                Files.setPosixFilePermissions(unfinished, OTHERS_MAY_READ);
                archive.unpackTo(unfinished);
                Files.move(unfinished, home, StandardCopyOption.ATOMIC_MOVE);
            }
        }
        return new PostgresBinaries(home);
    }

    /** In a directory for everybody's temporary files another user might have put programs of his under our name. */
    private static void refuseStrangers(Path cache) throws IOException {
        Path mine = Files.createTempFile(cache, "owner", "");
        try {
            if (!Files.getOwner(cache).equals(Files.getOwner(mine))) {
                throw new IOException("it belongs to " + Files.getOwner(cache));
            }
        } finally {
            Files.delete(mine);
        }
    }
}
