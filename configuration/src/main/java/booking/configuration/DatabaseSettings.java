package booking.configuration;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How to reach PostgreSQL.
 *
 * @param url {@code jdbc:postgresql://host:port/database}
 * @param password empty when the server asks for none
 * @param poolSize how many connections the service keeps
 */
public record DatabaseSettings(String url, String user, Optional<String> password, int poolSize) {
    private static final Pattern POSTGRESQL_URL = Pattern.compile("jdbc:postgresql:[^\\s]+");

    /** Takes {@code BOOKING_DATABASE_URL}, {@code _USER}, {@code _PASSWORD} and {@code _POOL_SIZE}. */
    public static DatabaseSettings from(Settings settings) {
        return new DatabaseSettings(
                url(settings),
                settings.text("database.user"),
                settings.optionalText("database.password"),
                settings.integer("database.pool-size", 1, 100));
    }

    /** Takes {@code BOOKING_DATABASE_URL} alone, for those who sign in as somebody else. */
    public static String url(Settings settings) {
        return settings.text("database.url", POSTGRESQL_URL, "the JDBC URL of a PostgreSQL database");
    }

    /** Without the password, and without the URL's parameters, which may contain one. */
    @Override
    public String toString() {
        return "DatabaseSettings[" + url.replaceAll("\\?.*", "") + ", " + user + ", " + poolSize + " connections]";
    }
}
