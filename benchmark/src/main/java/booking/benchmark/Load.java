package booking.benchmark;

import java.time.Duration;

/** Asks, and takes the answers. */
interface Load extends AutoCloseable {
    /** How long answers may be missing once nothing more is asked. */
    Duration PATIENCE = Duration.ofSeconds(60);

    /** Asks for so long, and then waits until all is answered. */
    Tally run(Requests requests, Pace pace, Duration time);

    @Override
    void close();
}
