package booking.gateway.access;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Somebody who calls.
 *
 * @param name who it is, for the space of its idempotency keys and for limits; empty for anybody, where nobody is asked
 * @param roles what it may do
 * @param userId the user that it is, if it is one
 */
public record Caller(Optional<String> name, Set<Role> roles, Optional<String> userId) {
    /** Whoever calls where nobody is asked who they are. */
    public static final Caller ANYBODY = new Caller(Optional.empty(), EnumSet.allOf(Role.class), Optional.empty());

    public Caller {
        roles = Set.copyOf(roles);
    }

    /** Whether it may do what this takes. */
    public boolean has(Set<Role> needed) {
        return roles.containsAll(needed);
    }

    /** Whether it may act for every user, rather than for the one that it is. */
    public boolean mayActForOthers() {
        return roles.contains(Role.ACT_FOR_OTHERS);
    }

    /** Whether it may act for this user. */
    public boolean mayActFor(String user) {
        return mayActForOthers() || userId.filter(user::equals).isPresent();
    }
}
