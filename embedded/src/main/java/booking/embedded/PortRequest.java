package booking.embedded;

/**
 * Which port a server shall listen on.
 *
 * @param first the port to try first
 * @param orNext whether the next free one will do when it is taken
 */
public record PortRequest(int first, boolean orNext) {
    public PortRequest {
        if (first < 1 || first > 65_535) {
            throw new IllegalArgumentException("port must be from 1 to 65535, was " + first);
        }
    }

    /** This port and no other. */
    public static PortRequest exactly(int port) {
        return new PortRequest(port, false);
    }

    /** This port, or the next free one when it is taken. */
    public static PortRequest firstFreeFrom(int port) {
        return new PortRequest(port, true);
    }

    /** A free port, no matter which. */
    public static PortRequest any() {
        return exactly(FreePorts.any());
    }

    /**
     * The port to listen on.
     *
     * @throws PortTakenException when the only port that will do is taken
     */
    public int choose() {
        if (orNext) {
            return FreePorts.nextFrom(first);
        }
        if (!FreePorts.isFree(first)) {
            throw new PortTakenException(first);
        }
        return first;
    }
}
