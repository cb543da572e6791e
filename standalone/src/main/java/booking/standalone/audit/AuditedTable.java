package booking.standalone.audit;

/** The tables that are compared. The progress of partitions is not: the replay is told by it how far to go. */
enum AuditedTable {
    OUTCOMES("outcomes", "command_id"),
    EVENTS("events", "id"),
    BOOKINGS("bookings", "id"),
    WAITLIST("waitlist", "id");

    private final String tableName;
    private final String key;

    AuditedTable(String tableName, String key) {
        this.tableName = tableName;
        this.key = key;
    }

    String tableName() {
        return tableName;
    }

    /** All its rows, each as key and JSON of all columns, times included: the commands determine them all. */
    String query() {
        // Both servers have to sort texts alike, and as Java does.
        String order = this == EVENTS ? key + " COLLATE \"C\"" : key;
        return "SELECT " + key + "::text, row_to_json(t)::text FROM " + tableName + " AS t ORDER BY " + order;
    }
}
