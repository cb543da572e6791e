package booking.chaos;

import booking.schemas.result.Position;
import booking.schemas.result.Rejected;
import booking.schemas.result.Result;
import booking.schemas.result.ResultDecoder;
import java.util.Optional;
import java.util.UUID;

/**
 * What a client cares for in a result.
 *
 * @param verdict {@code ACCEPTED}, or the reason for the refusal
 */
record Outcome(String verdict, Optional<UUID> booking, Position position) {
    private static final ResultDecoder DECODER = new ResultDecoder();
    private static final String ACCEPTED = "ACCEPTED";

    /** Of a result as it was published or answered. */
    static Outcome of(byte[] json) {
        return of(DECODER.decode(json));
    }

    static Outcome of(Result result) {
        String verdict = result instanceof Rejected rejected ? rejected.reason().name() : ACCEPTED;
        return new Outcome(verdict, result.booking(), result.position());
    }

    boolean isAccepted() {
        return verdict.equals(ACCEPTED);
    }
}
