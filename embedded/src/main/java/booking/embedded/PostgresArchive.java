package booking.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * PostgreSQL's binaries for this system as they come on the class path, packed.
 *
 * @param resource the name of the archive on the class path
 */
record PostgresArchive(String resource) {
    private static final Set<PosixFilePermission> PROGRAM = PosixFilePermissions.fromString("rwxr-xr-x");
    private static final int OWNER_MAY_EXECUTE = 0100;

    static PostgresArchive forThisSystem() {
        return forSystem(System.getProperty("os.name"), System.getProperty("os.arch"));
    }

    static PostgresArchive forSystem(String name, String architecture) {
        String system = name.toLowerCase(Locale.ROOT).startsWith("mac") ? "darwin" : name.toLowerCase(Locale.ROOT);
        String machine = switch (architecture) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64" -> "arm_64";
            default -> architecture;
        };
        return new PostgresArchive("postgres-" + system + "-" + machine + ".txz");
    }

    /** Names this version and content, so that no two that differ are mistaken for each other. */
    String identity() {
        try (InputStream file = PostgresArchive.class.getResourceAsStream("postgresql.properties");
                InputStream packed = open()) {
            Properties properties = new Properties();
            properties.load(file);
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            new DigestInputStream(packed, digest).transferTo(OutputStream.nullOutputStream());
            return "postgresql-" + properties.getProperty("version") + "-"
                    + HexFormat.of().formatHex(digest.digest(), 0, 8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + resource + ": " + e.getMessage(), e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    void unpackTo(Path directory) throws IOException {
        try (TarArchiveInputStream entries = new TarArchiveInputStream(new XZCompressorInputStream(open()))) {
            for (TarArchiveEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                // Refuses names that lead out of the directory.
                Path target = entry.resolveIn(directory);
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                    continue;
                }
                Files.createDirectories(target.getParent());
                if (entry.isSymbolicLink()) {
                    Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
                    continue;
                }
                Files.copy(entries, target);
                if ((entry.getMode() & OWNER_MAY_EXECUTE) != 0) {
                    Files.setPosixFilePermissions(target, PROGRAM);
                }
            }
        }
    }

    private InputStream open() {
        InputStream stream = PostgresArchive.class.getResourceAsStream("/" + resource);
        if (stream == null) {
            throw new EmbeddedServerException("no PostgreSQL for this system on the class path (" + resource
                    + "); it comes for Linux and macOS, on amd64 and arm64");
        }
        return stream;
    }
}
