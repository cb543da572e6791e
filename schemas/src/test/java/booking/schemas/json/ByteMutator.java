package booking.schemas.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Damages byte strings in the ways that wires, disks, programs and people do. */
public final class ByteMutator {
    /** What breaks parsers, wherever it stands. */
    private static final List<byte[]> HOSTILE = Stream.of(
                    "{",
                    "}",
                    "[",
                    "]",
                    ",",
                    ":",
                    "\"",
                    "\\",
                    "\\u",
                    "\\u0000",
                    "\\ud800",
                    "\\udc00",
                    "\\ud83d\\ude00",
                    "\\\"",
                    "/*",
                    "//",
                    "'",
                    "null",
                    "true",
                    "NaN",
                    "-Infinity",
                    "0",
                    "-0",
                    "-1",
                    "1.5",
                    "2147483648",
                    "-9223372036854775809",
                    "9223372036854775807",
                    "1e400",
                    "1e-400",
                    "1E9999999999",
                    "100e2147483647",
                    "0x1F",
                    "{}",
                    "[]",
                    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
                    "{\"a\":{\"a\":{\"a\":{\"a\":",
                    "\"\"",
                    "\"type\":",
                    "\"type\":\"book\",",
                    "\"commandId\":",
                    "\"eventId\":\"e-1\",",
                    "\"quantity\":",
                    ",\"x\":",
                    "\"date\":\"0000-01-01T00:00:00Z\"",
                    "9999-12-31T23:59:60Z",
                    "+18:00",
                    "-00:00",
                    "\uFEFF",
                    "\uFFFF",
                    "\u0000",
                    "\u2028",
                    "é",
                    "漢",
                    "😀",
                    "\r\n",
                    "\t",
                    " ",
                    "9".repeat(1_001),
                    "a".repeat(300))
            .map(text -> text.getBytes(UTF_8))
            .toList();

    private final Random random;
    private final List<byte[]> others;

    /** @param others what is spliced with */
    public ByteMutator(Random random, List<byte[]> others) {
        this.random = random;
        this.others = others;
    }

    /** The bytes with one thing done to them, or a few. */
    public byte[] mutate(byte[] original) {
        byte[] bytes = original;
        do {
            bytes = mutateOnce(bytes);
        } while (random.nextInt(3) == 0);
        return bytes;
    }

    private byte[] mutateOnce(byte[] bytes) {
        int from = random.nextInt(bytes.length + 1);
        int to = Math.min(bytes.length, from + random.nextInt(12));
        return switch (random.nextInt(16)) {
            case 0 -> flipBit(bytes);
            case 1 -> replace(bytes, from, Math.min(bytes.length, from + 1), noise(1));
            case 2 -> replace(bytes, from, bytes.length, new byte[0]);
            case 3 -> replace(bytes, from, to, new byte[0]);
            case 4 -> replace(bytes, from, from, slice(bytes, from, to));
            case 5 -> splice(bytes);
            case 6 -> replace(bytes, from, from, hostile());
            case 7 -> replace(bytes, from, to, hostile());
            case 8 -> replace(bytes, from, to, noise(to - from));
            case 9 -> random.nextInt(20) == 0 ? noise(random.nextInt(200)) : flipBit(bytes);
            default -> replaceValue(bytes);
        };
    }

    private byte[] flipBit(byte[] bytes) {
        if (bytes.length == 0) {
            return bytes;
        }
        byte[] flipped = bytes.clone();
        int at = random.nextInt(bytes.length);
        flipped[at] = (byte) (flipped[at] ^ 1 << random.nextInt(8));
        return flipped;
    }

    private byte[] splice(byte[] bytes) {
        byte[] other = others.get(random.nextInt(others.size()));
        int cut = random.nextInt(bytes.length + 1);
        return replace(bytes, cut, bytes.length, slice(other, random.nextInt(other.length + 1), other.length));
    }

    /** Something hostile where a value stood, so that the rest stays JSON and the fields' own rules are tried. */
    private byte[] replaceValue(byte[] bytes) {
        int colon = next(bytes, ':', random.nextInt(bytes.length + 1));
        int end = Math.min(next(bytes, ',', colon), next(bytes, '}', colon));
        return colon == bytes.length ? bytes : replace(bytes, colon + 1, Math.max(colon + 1, end), hostile());
    }

    private static int next(byte[] bytes, char wanted, int from) {
        int at = from;
        while (at < bytes.length && bytes[at] != wanted) {
            at++;
        }
        return at;
    }

    private byte[] hostile() {
        return HOSTILE.get(random.nextInt(HOSTILE.size()));
    }

    private byte[] noise(int length) {
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        return noise;
    }

    private static byte[] slice(byte[] bytes, int from, int to) {
        return Arrays.copyOfRange(bytes, from, to);
    }

    private static byte[] replace(byte[] bytes, int from, int to, byte[] by) {
        ByteArrayOutputStream replaced = new ByteArrayOutputStream(bytes.length + by.length);
        replaced.write(bytes, 0, from);
        replaced.writeBytes(by);
        replaced.write(bytes, to, bytes.length - to);
        return replaced.toByteArray();
    }
}
