package booking.chaos;

import java.util.List;

/** Looks at what a system has done, from outside, and says which promises do not hold. */
@FunctionalInterface
interface Audit {
    /** In words, a line for each; none when all hold. */
    List<String> violations(SystemUnderTest system);
}
