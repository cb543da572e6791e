/** What clients ask for: the commands, their JSON, and the total decoder from bytes to a command. */
@NullMarked
package booking.schemas.command;

import org.jspecify.annotations.NullMarked;
