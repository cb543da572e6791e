package booking.processor.desk;

/** An answer, and why there is one. */
record Answered(Answer answer, Occasion occasion) {}
