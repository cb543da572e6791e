package booking.schemas.json;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;

/** Describes what is wrong with JSON: where and what, but neither the sender's data nor advice to programmers. */
public final class JsonProblem {
    private static final int MAX_LENGTH = 200;

    /** Where Jackson's messages speak of its own settings and sources. */
    private static final Pattern FOR_PROGRAMMERS = Pattern.compile(
            ", from `[^`]*`|(: enable `| \\(start marker| \\(not recognized|: maybe a).*", Pattern.DOTALL);

    private static final Pattern QUOTED_TOKEN = Pattern.compile("token '[^']*'(?=:)");
    private static final Pattern CONTROL_CHARACTERS = Pattern.compile("\\p{Cntrl}+");

    private JsonProblem() {}

    /** What Jackson found, and where. */
    public static String describe(JacksonException problem) {
        String message = problem.getOriginalMessage();
        String clean = message == null ? "unreadable" : message;
        clean = FOR_PROGRAMMERS.matcher(clean).replaceAll("");
        clean = QUOTED_TOKEN.matcher(clean).replaceFirst("token");
        clean = CONTROL_CHARACTERS.matcher(clean).replaceAll("?");
        return describe(problem.getLocation(), clean);
    }

    /** The problem at this place of the text, if the place is known. */
    public static String describe(@Nullable TokenStreamLocation location, String problem) {
        String where =
                location == null || location.getCharOffset() < 0 ? "" : " at character " + location.getCharOffset();
        String all = "unreadable JSON" + where + ": " + problem;
        return all.length() <= MAX_LENGTH ? all : all.substring(0, MAX_LENGTH);
    }
}
