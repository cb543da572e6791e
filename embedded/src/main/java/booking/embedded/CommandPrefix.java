package booking.embedded;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Words put before a command to change how it runs, such as {@code setsid}.
 *
 * @param words the words, in order; none leave the command as it is
 */
record CommandPrefix(List<String> words) {
    static final CommandPrefix NONE = new CommandPrefix(List.of());

    CommandPrefix {
        words = List.copyOf(words);
    }

    static CommandPrefix of(String... words) {
        return new CommandPrefix(List.of(words));
    }

    /** The first of these that works on this machine. */
    static Optional<CommandPrefix> firstThatWorks(CommandPrefix... prefixes) {
        for (CommandPrefix prefix : prefixes) {
            if (prefix.runs(List.of("true"))) {
                return Optional.of(prefix);
            }
        }
        return Optional.empty();
    }

    /** Whether the command ends well behind this prefix. */
    boolean runs(List<String> command) {
        try {
            return new ProcessBuilder(before(command))
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException missing) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    List<String> before(List<String> command) {
        List<String> all = new ArrayList<>(words);
        all.addAll(command);
        return all;
    }
}
