package booking.gateway.limit;

import java.time.Duration;

/**
 * What a caller has left.
 *
 * @param granted whether the call that asked may go on
 * @param remaining how many more may, at once
 * @param untilNext how long until a further one may; zero when it may at once
 * @param untilFull how long until there are as many as there can be, if none is used
 */
public record Allowance(boolean granted, long remaining, Duration untilNext, Duration untilFull) {}
