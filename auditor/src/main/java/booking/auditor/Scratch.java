package booking.auditor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.DataType;
import org.springframework.core.NestedExceptionUtils;

/**
 * Sorted maps in a temporary file, with a bounded part of them in memory: a history can be larger than that. The file is
 * gone with the process, however that ends.
 */
final class Scratch implements AutoCloseable {
    private static final int CACHE_MEGABYTES = 48;
    private static final int WRITE_BUFFER_KILOBYTES = 8 * 1024;

    private static final int RECORDS_AT_ONCE = 10_000;

    private final MVStore store;
    private int records;

    Scratch() {
        this(Path.of(System.getProperty("java.io.tmpdir")));
    }

    /** In a file of this directory, which has no name there any more when this returns: POSIX keeps it while it is open. */
    Scratch(Path directory) {
        try {
            Path file = Files.createTempFile(directory, "booking-audit-", ".mv");
            try {
                store = open(file);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw failed(e);
        }
        // Nothing is read again after a crash, so room need not be kept for it.
        store.setRetentionTime(0);
    }

    private static MVStore open(Path file) {
        return new MVStore.Builder()
                .fileName(file.toString())
                .cacheSize(CACHE_MEGABYTES)
                .autoCommitBufferSize(WRITE_BUFFER_KILOBYTES)
                .compress()
                // Its own thread would give room free again that this one still reads from.
                .autoCommitDisabled()
                .open();
    }

    /** What to tell whoever wanted the audit when the file cannot be used, such as on a full disk. */
    static AuditFailedException failed(Exception why) {
        return new AuditFailedException(
                "the audit cannot keep its temporary file in " + System.getProperty("java.io.tmpdir") + ": "
                        + NestedExceptionUtils.getMostSpecificCause(why).getMessage()
                        + "; make room there (it can take four kilobytes for each command), or name another directory"
                        + " with JDK_JAVA_OPTIONS=-Djava.io.tmpdir=DIRECTORY",
                why);
    }

    /** One more record has been worked on; what changed is written to the file now and then. */
    void tick() {
        records++;
        if (records % RECORDS_AT_ONCE == 0) {
            store.commit();
        }
    }

    <K, V> MVMap<K, V> map(String name, DataType<K> keys, DataType<V> values) {
        return store.openMap(name, new MVMap.Builder<K, V>().keyType(keys).valueType(values));
    }

    @Override
    public void close() {
        store.closeImmediately();
    }
}
