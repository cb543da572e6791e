package booking.embedded;

/** A port was asked for that another process listens on. */
public final class PortTakenException extends EmbeddedServerException {
    private static final long serialVersionUID = 1;

    private final int port;

    public PortTakenException(int port) {
        super("port " + port + " on 127.0.0.1 is taken");
        this.port = port;
    }

    public int port() {
        return port;
    }
}
