package booking.processor.protocol;

/**
 * One thing that can happen in a state.
 *
 * @param fault whether it need not happen for the work to go on
 */
record Move(String name, boolean fault, State to) {}
