package booking.schemas.json;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;

/** Describes what is wrong with JSON: where and what, but neither the sender's data nor advice to programmers. */
public final class JsonProblem {
    private static final int MAX_LENGTH = 200;

    /** From here on, Jackson's messages speak of its own settings and sources. */
    private static final List<String> FOR_PROGRAMMERS =
            List.of(": enable `", " (start marker", " (not recognized", ": maybe a");

    private static final Pattern QUOTED_TOKEN = Pattern.compile("token '[^']*'(?=:)");

    private JsonProblem() {}

    /** What Jackson found, and where. */
    public static String describe(JacksonException problem) {
        String message = problem.getOriginalMessage();
        return describe(problem.getLocation(), message == null ? "unreadable" : forSenders(message));
    }

    private static String forSenders(String message) {
        int setting = message.indexOf(", from `");
        String clean = setting < 0 ? message : message.substring(0, setting) + ")";
        for (String forProgrammers : FOR_PROGRAMMERS) {
            int start = clean.indexOf(forProgrammers);
            if (start >= 0) {
                clean = clean.substring(0, start);
            }
        }
        if (clean.startsWith("Unrecognized token '")) {
            clean = QUOTED_TOKEN.matcher(clean).replaceFirst("token");
        }
        return withoutControlCharacters(clean);
    }

    private static String withoutControlCharacters(String text) {
        if (text.chars().noneMatch(Character::isISOControl)) {
            return text;
        }
        StringBuilder clean = new StringBuilder();
        text.chars().forEach(c -> clean.append(Character.isISOControl(c) ? '?' : (char) c));
        return clean.toString();
    }

    /** The problem at this place of the text, if the place is known. */
    public static String describe(@Nullable TokenStreamLocation location, String problem) {
        String where =
                location == null || location.getCharOffset() < 0 ? "" : " at character " + location.getCharOffset();
        String all = "unreadable JSON" + where + ": " + problem;
        return all.length() <= MAX_LENGTH ? all : all.substring(0, MAX_LENGTH);
    }
}
