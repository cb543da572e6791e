package booking.gateway.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One line of the file of API keys: a name, the hash of the key, what it may do, and for whom.
 *
 * <pre>
 * web-shop sha256:9f86d0…  read,book,act-for-others
 * alice    sha256:60303a…  read,book  user:alice
 * </pre>
 *
 * @param sha256 of the key's text, 64 hexadecimal digits. Keys are 256 random bits, so a quick hash is as good as a slow
 *     one: there is nothing to guess
 */
public record ApiKey(String name, String sha256, Set<Role> roles, Optional<String> userId) {
    /** What every key begins with, so that it is told from a token, and found where it should not be. */
    public static final String PREFIX = "bk_";

    private static final int KEY_BYTES = 32;
    private static final String HASH = "sha256:";
    private static final String USER = "user:";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern DIGITS = Pattern.compile("[0-9a-f]{64}");
    private static final int LONGEST_USER_ID = 128;

    /**
     * Checks itself.
     *
     * @throws IllegalArgumentException when a value is not as it must be; the message says which and how, and quotes
     *     nothing: a key may stand where it should not
     */
    public ApiKey {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("a name has 1 to 64 of A-Z a-z 0-9 . _ -");
        }
        if (!DIGITS.matcher(sha256).matches()) {
            throw new IllegalArgumentException("the hash must be 64 hexadecimal digits in lower case");
        }
        roles = Set.copyOf(roles);
        if (userId.isPresent() && !isWord(userId.get())) {
            throw new IllegalArgumentException("the user of a key must have 1 to 128 characters, and no spaces or line"
                    + " breaks: its line is read word by word. Who has other names calls with a token");
        }
        if (roles.contains(Role.BOOK) && !roles.contains(Role.ACT_FOR_OTHERS) && userId.isEmpty()) {
            throw new IllegalArgumentException(
                    "a key that may book is for one user (user:NAME in its line, or the option --user), or has the role"
                            + " act-for-others");
        }
    }

    private static boolean isWord(String user) {
        return !user.isEmpty()
                && user.length() <= LONGEST_USER_ID
                && user.codePoints()
                        .noneMatch(it ->
                                Character.isWhitespace(it) || Character.isSpaceChar(it) || Character.isISOControl(it));
    }

    /** A new key's text, which nobody but its holder shall keep. */
    public static String newText() {
        byte[] random = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(random);
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    /** The hash of a key's text. */
    public static String sha256(String key) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /**
     * Reads roles, such as {@code read,book}.
     *
     * @throws IllegalArgumentException when one is none
     */
    public static Set<Role> roles(String written) {
        Set<Role> roles = EnumSet.noneOf(Role.class);
        for (String role : written.split(",", -1)) {
            roles.add(Role.of(role)
                    .orElseThrow(
                            () -> new IllegalArgumentException("roles are " + Role.all() + ", separated by commas")));
        }
        return roles;
    }

    static ApiKey parse(String line) {
        List<String> words = Arrays.asList(line.strip().split("\\s+"));
        if (words.size() < 3 || words.size() > 4 || !words.get(1).startsWith(HASH)) {
            throw new IllegalArgumentException("must be NAME sha256:DIGITS ROLES, and user:NAME for a key of one user");
        }
        Optional<String> user = Optional.empty();
        if (words.size() == 4) {
            if (!words.get(3).startsWith(USER)) {
                throw new IllegalArgumentException("the last word must be user:NAME");
            }
            user = Optional.of(words.get(3).substring(USER.length()));
        }
        return new ApiKey(words.get(0), words.get(1).substring(HASH.length()), roles(words.get(2)), user);
    }

    /** As a line of the file. */
    public String line() {
        return name + " " + HASH + sha256 + " "
                + String.join(",", roles.stream().sorted().map(Role::written).toList())
                + userId.map(user -> " " + USER + user).orElse("");
    }

    Caller caller() {
        return new Caller(Optional.of("key:" + name), roles, userId);
    }
}
