package booking.schemas.topic;

/** Names of record headers: CloudEvents 1.0 in the binary mode of its Kafka binding, W3C trace context, and ours. */
public final class HeaderNames {
    public static final String SPEC_VERSION = "ce_specversion";
    /** The command id. */
    public static final String ID = "ce_id";
    /** {@code booking.command.<type>} or {@code booking.result.<type>}. */
    public static final String TYPE = "ce_type";
    /**
     * Where it came from. On a result it is the record that this result answers,
     * {@code /<commands topic>/<partition>/<offset>}: a repeated command gets the same result again, and this header
     * tells the two apart.
     */
    public static final String SOURCE = "ce_source";

    public static final String TIME = "ce_time";
    public static final String CONTENT_TYPE = "content-type";
    public static final String TRACE_PARENT = "traceparent";
    public static final String TRACE_STATE = "tracestate";

    private HeaderNames() {}
}
