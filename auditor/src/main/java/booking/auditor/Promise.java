package booking.auditor;

/** What the system promises, as far as it can be seen from outside. */
public enum Promise {
    SEATS("I1", "no event is oversold"),
    ANSWERS("I2", "every command has one disposition"),
    REPEATS("I3", "all results of one command agree"),
    TABLES("I4", "results and tables agree"),
    ORDER("I5", "every outcome follows from the order of the log"),
    /** Not part of every audit. */
    REPLAY("I8", "the log gives the same once more"),
    LIVENESS("I9", "nothing hangs"),
    PROGRESS("I10", "the database is not behind Kafka");

    private final String number;
    private final String words;

    Promise(String number, String words) {
        this.number = number;
        this.words = words;
    }

    /** Its number, such as {@code I2}. */
    public String number() {
        return number;
    }

    /** What is promised, in words. */
    public String words() {
        return words;
    }
}
