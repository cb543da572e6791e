package booking.auditor;

/** Between two looks at something that is about to change. */
final class Pause {
    private static final long MILLIS = 100;

    private Pause() {}

    static void briefly() {
        try {
            Thread.sleep(MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AuditFailedException("the audit was interrupted", e);
        }
    }
}
