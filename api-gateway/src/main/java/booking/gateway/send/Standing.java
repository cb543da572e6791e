package booking.gateway.send;

/**
 * How far the processors are with the commands.
 *
 * @param decided up to where they are, all partitions added up; it moves on when something is decided
 * @param undecided how many offsets there are from there to the end of what is committed. Not every offset is a command:
 *     what is left of an aborted transaction, and the mark at the end of each transaction, nobody decides. The processors
 *     pass over them, but commit that only in partitions in which they have decided something since they started
 * @param ownWait whether a command that this gateway wrote is among them
 */
record Standing(long decided, long undecided, boolean ownWait) {}
