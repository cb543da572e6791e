/** What the stream does with what the brokers give. */
@NullMarked
package booking.processor.stream;

import org.jspecify.annotations.NullMarked;
