/** Tests of the command line: of the packaged system as a process, and of its clients. */
@NullMarked
package booking.standalone;

import org.jspecify.annotations.NullMarked;
