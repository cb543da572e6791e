/** What is made once, before the first processor starts: tables and topics. */
@NullMarked
package booking.processor.setup;

import org.jspecify.annotations.NullMarked;
