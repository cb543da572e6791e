package booking.auditor;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Optional;
import java.util.UUID;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;
import org.jspecify.annotations.Nullable;

/** How a record is written to the scratch file and read again. */
final class ScratchType<T> extends BasicDataType<T> {
    private static final long NO_TIME = Long.MIN_VALUE;

    /** Ids in the order in which PostgreSQL sorts them, which is not that of {@link UUID#compareTo}. */
    static final Comparator<UUID> UNSIGNED = (a, b) -> {
        int high = Long.compareUnsigned(a.getMostSignificantBits(), b.getMostSignificantBits());
        return high != 0 ? high : Long.compareUnsigned(a.getLeastSignificantBits(), b.getLeastSignificantBits());
    };

    /** Ids. */
    static final ScratchType<UUID> UUIDS = new ScratchType<>(32, ScratchType::putId, ScratchType::id, UNSIGNED);

    private final int bytes;
    private final Writer<T> writer;
    private final Reader<T> reader;
    private final Optional<Comparator<T>> order;

    /**
     * Of keys.
     *
     * @param bytes about how many one takes in memory
     */
    ScratchType(int bytes, Writer<T> writer, Reader<T> reader, Comparator<T> order) {
        this(bytes, writer, reader, Optional.of(order));
    }

    private ScratchType(int bytes, Writer<T> writer, Reader<T> reader, Optional<Comparator<T>> order) {
        this.bytes = bytes;
        this.writer = writer;
        this.reader = reader;
        this.order = order;
    }

    /** Of values, which need no order. */
    ScratchType(int bytes, Writer<T> writer, Reader<T> reader) {
        this(bytes, writer, reader, Optional.empty());
    }

    interface Writer<T> {
        void write(WriteBuffer to, T record);
    }

    interface Reader<T> {
        T read(ByteBuffer from);
    }

    @Override
    public int getMemory(T record) {
        return bytes;
    }

    @Override
    public void write(WriteBuffer to, T record) {
        writer.write(to, record);
    }

    @Override
    public T read(ByteBuffer from) {
        return reader.read(from);
    }

    @Override
    public int compare(T a, T b) {
        return order.orElseThrow(() -> new IllegalStateException("values are not compared"))
                .compare(a, b);
    }

    @Override
    @SuppressWarnings("unchecked") // As all its types do; the array is seen by the store alone.
    public T[] createStorage(int size) {
        return (T[]) new Object[size];
    }

    static void putText(WriteBuffer to, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        to.putVarInt(bytes.length).put(bytes);
    }

    static String text(ByteBuffer from) {
        byte[] bytes = new byte[DataUtils.readVarInt(from)];
        from.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    static void putId(WriteBuffer to, UUID id) {
        to.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
    }

    static UUID id(ByteBuffer from) {
        return new UUID(from.getLong(), from.getLong());
    }

    /** To the microsecond, as the tables keep it. */
    static void putTime(WriteBuffer to, @Nullable Instant time) {
        to.putLong(time == null ? NO_TIME : micros(time));
    }

    static @Nullable Instant optionalTime(ByteBuffer from) {
        long micros = from.getLong();
        return micros == NO_TIME ? null : Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    static Instant time(ByteBuffer from) {
        return Instant.EPOCH.plus(from.getLong(), ChronoUnit.MICROS);
    }

    static long micros(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }
}
