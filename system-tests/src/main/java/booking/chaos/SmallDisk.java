package booking.chaos;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.io.file.PathUtils;

/** A disk in memory that can be filled up. Only root can mount one, on Linux. */
final class SmallDisk implements AutoCloseable {
    private static final String SIZE = "1g";
    private static final long NEXT_TO_NOTHING = 64 * 1024;

    private final Path place;
    private final Path filler;

    private SmallDisk(Path place) {
        this.place = place;
        this.filler = place.resolve("filler");
    }

    /** Mounts one at this directory; empty where that is not possible. */
    static Optional<SmallDisk> mountAt(Path place) {
        return mountAt(place, SIZE);
    }

    /** Mounts one of this size, as {@code mount} takes it. */
    static Optional<SmallDisk> mountAt(Path place, String size) {
        try {
            Files.createDirectories(place);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return run(List.of("mount", "-t", "tmpfs", "-o", "size=" + size + ",mode=0711", "tmpfs", place.toString()))
                ? Optional.of(new SmallDisk(place))
                : Optional.empty();
    }

    /** Unmounts all that are somewhere below this directory; what was on them is gone. */
    static void unmountAllBelow(Path directory) {
        mountedBelow(directory).forEach(SmallDisk::close);
    }

    /** Unmounts all that are somewhere below this directory, and has what was on them in their places all the same. */
    static void keepAllBelow(Path directory) {
        mountedBelow(directory).forEach(SmallDisk::keep);
    }

    private static List<SmallDisk> mountedBelow(Path directory) {
        try (Stream<String> mounts = Files.lines(Path.of("/proc/self/mounts"))) {
            return mounts.map(line -> Path.of(line.split(" ", -1)[1]))
                    .filter(mounted -> mounted.startsWith(directory.toAbsolutePath()))
                    .map(SmallDisk::new)
                    .toList();
        } catch (IOException | UncheckedIOException noSuchFile) {
            // Not Linux, so nothing was mounted.
            return List.of();
        }
    }

    /** Writes until nothing more fits; false when it could not be filled. */
    boolean fill() {
        byte[] block = new byte[1024 * 1024];
        for (int size = block.length; size > 0; size /= 2) {
            fill(block, size);
        }
        return isFull();
    }

    /** Whether not even another block fits; others may have freed what they had in the meantime. */
    boolean isFull() {
        try {
            return Files.exists(filler) && Files.getFileStore(filler).getUsableSpace() < NEXT_TO_NOTHING;
        } catch (IOException e) {
            return false;
        }
    }

    private void fill(byte[] block, int size) {
        try (OutputStream out = Files.newOutputStream(filler, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            while (true) {
                out.write(block, 0, size);
            }
        } catch (IOException full) {
            // As wanted.
        }
    }

    /** Makes room again. */
    void empty() {
        try {
            Files.deleteIfExists(filler);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Unmounts it, and has what was on it in its place all the same; for whoever looks into it later. */
    private void keep() {
        empty();
        Path copy = place.resolveSibling(place.getFileName() + ".copy");
        try {
            PathUtils.copyDirectory(place, copy);
            close();
            Files.delete(place);
            Files.move(copy, place);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Unmounts it; what was on it is gone. */
    @Override
    public void close() {
        if (!run(List.of("umount", place.toString()))) {
            throw new IllegalStateException("cannot unmount " + place);
        }
    }

    private static boolean run(List<String> command) {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException missing) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
