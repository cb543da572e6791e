package booking.auditor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.DataType;

/** Sorted maps in a temporary file, with a bounded part of them in memory: a history can be larger than that. */
final class Scratch implements AutoCloseable {
    private static final int CACHE_MEGABYTES = 48;
    private static final int WRITE_BUFFER_KILOBYTES = 8 * 1024;

    private final Path file;
    private final MVStore store;

    Scratch() {
        try {
            file = Files.createTempFile("booking-audit-", ".mv");
        } catch (IOException e) {
            throw new UncheckedIOException("no temporary file can be made: " + e.getMessage(), e);
        }
        file.toFile().deleteOnExit();
        store = new MVStore.Builder()
                .fileName(file.toString())
                .cacheSize(CACHE_MEGABYTES)
                .autoCommitBufferSize(WRITE_BUFFER_KILOBYTES)
                .compress()
                .open();
        // Nothing is read again after a crash, so room need not be kept for it.
        store.setRetentionTime(0);
        store.setVersionsToKeep(0);
    }

    <K, V> MVMap<K, V> map(String name, DataType<K> keys, DataType<V> values) {
        return store.openMap(name, new MVMap.Builder<K, V>().keyType(keys).valueType(values));
    }

    @Override
    public void close() {
        store.closeImmediately();
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + file + ": " + e.getMessage(), e);
        }
    }
}
