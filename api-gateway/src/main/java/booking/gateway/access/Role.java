package booking.gateway.access;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a caller may do. Written in lower case with {@code -} for {@code _}. */
public enum Role {
    /** See events, and bookings and results of the own user. */
    READ,
    /** Book, hold, confirm, cancel and wait for the own user. */
    BOOK,
    /** Make, change and close events. */
    MANAGE_EVENTS,
    /** Do what the other roles allow for any user, and see the bookings and results of all. */
    ACT_FOR_OTHERS;

    /** As it is written in keys' files and in tokens. */
    public String written() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The role that is written so, if there is one. */
    static Optional<Role> of(String written) {
        return Arrays.stream(values())
                .filter(role -> role.written().equals(written))
                .findFirst();
    }

    static String all() {
        return Arrays.stream(values()).map(Role::written).collect(Collectors.joining(", "));
    }
}
