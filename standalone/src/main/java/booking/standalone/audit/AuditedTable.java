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

    /** All its rows, each as key and JSON. */
    String query() {
        // Both servers have to sort texts alike, and as Java does.
        String order = this == EVENTS ? key + " COLLATE \"C\"" : key;
        return "SELECT " + key + "::text, " + columns() + "::text FROM " + tableName + " AS t ORDER BY " + order;
    }

    /**
     * All columns, times included: nearly every one is determined by the commands. When an event was made is not: it is
     * written as the time of the last change in the poll that made it, and the log does not say how polls were cut.
     */
    private String columns() {
        return this == EVENTS ? "(to_jsonb(t) - 'created_at')" : "row_to_json(t)";
    }
}
