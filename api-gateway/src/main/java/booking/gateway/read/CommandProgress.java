package booking.gateway.read;

import java.util.Optional;

/**
 * How far a command has come.
 *
 * @param result the stored result, JSON; empty when there is none
 * @param nextOffset the first offset of its partition that is not decided yet, as of the same moment
 */
public record CommandProgress(Optional<String> result, long nextOffset) {}
