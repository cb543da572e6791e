package booking.auditor;

/** What the audit says about a promise. */
public enum Verdict {
    HOLDS,
    /** At least one case was seen where it does not hold. */
    VIOLATED,
    /** No such case was seen, but not all could be looked at. */
    UNKNOWN
}
