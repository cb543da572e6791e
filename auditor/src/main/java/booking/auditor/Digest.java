package booking.auditor;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The first half of a SHA-256: what two contents have in common only if they are the same. */
record Digest(long high, long low) {
    /** Of nothing: there is no content. */
    static final Digest NONE = new Digest(0, 0);

    static Digest of(byte[] content) {
        return of(ByteBuffer.wrap(sha256().digest(content)));
    }

    /** Takes content piece by piece. */
    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The one that the next 16 bytes are. */
    static Digest of(ByteBuffer bytes) {
        return new Digest(bytes.getLong(), bytes.getLong());
    }

    @Override
    public String toString() {
        return String.format("%016x%016x", high, low);
    }
}
