package booking.gateway.access;

import booking.configuration.Settings;
import java.net.InetAddress;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Who may call the gateway.
 *
 * @param apiKeysFile where the API keys are, if there are any
 * @param tokens whose tokens are taken, if any are
 * @param openToAll whether it was said that everybody who reaches the gateway may do everything, where nobody is asked
 */
public record AccessSettings(Optional<Path> apiKeysFile, Optional<Tokens> tokens, boolean openToAll) {
    private static final Pattern URL_OR_NOTHING = Pattern.compile("(https?://\\S+)?");

    /**
     * Tokens of an identity provider: JSON Web Tokens, signed with keys that it publishes.
     *
     * @param issuer what {@code iss} must be
     * @param audience what {@code aud} must have
     * @param keys where the provider publishes its keys, a JSON Web Key Set
     * @param userClaim the claim that is the caller's {@code userId}
     * @param rolesClaim the claim with its roles: a list, or a text with spaces between; dots lead into objects
     */
    public record Tokens(String issuer, String audience, URL keys, String userClaim, String rolesClaim) {}

    /** Takes the {@code BOOKING_AUTH_} variables. */
    public static AccessSettings from(Settings settings) {
        Optional<Path> file = settings.optionalText("auth.api-keys-file").map(Path::of);
        file.flatMap(ApiKeys::whatIsWrongWith)
                .ifPresent(fault -> settings.reject("auth.api-keys-file", "a file of API keys: " + fault));
        Optional<String> issuer = settings.optionalText("auth.jwt-issuer");
        Optional<String> audience = settings.optionalText("auth.jwt-audience");
        Optional<URL> keys = Optional.of(settings.text(
                        "auth.jwt-jwks-url", URL_OR_NOTHING, "the address of a JSON Web Key Set, https://…"))
                .filter(text -> !text.isEmpty())
                .map(AccessSettings::url);
        String userClaim = settings.text("auth.jwt-user-claim");
        String rolesClaim = settings.text("auth.jwt-roles-claim");
        Optional<Tokens> tokens = Optional.empty();
        if (issuer.isPresent() && audience.isPresent() && keys.isPresent()) {
            tokens = Optional.of(new Tokens(issuer.get(), audience.get(), keys.get(), userClaim, rolesClaim));
        } else if (issuer.isPresent() || audience.isPresent() || keys.isPresent()) {
            String together = "given together with the other two of BOOKING_AUTH_JWT_ISSUER, BOOKING_AUTH_JWT_AUDIENCE"
                    + " and BOOKING_AUTH_JWT_JWKS_URL";
            if (issuer.isEmpty()) {
                settings.reject("auth.jwt-issuer", together);
            }
            if (audience.isEmpty()) {
                settings.reject("auth.jwt-audience", together);
            }
            if (keys.isEmpty()) {
                settings.reject("auth.jwt-jwks-url", together);
            }
        }
        boolean openToAll = settings.bool("auth.open-to-all");
        AccessSettings access = new AccessSettings(file, tokens, openToAll);
        if (access.isOpen() && !openToAll && !isLoopback(settings.text("http.host"))) {
            settings.reject(
                    "http.host",
                    "an address of this machine alone as long as nobody is asked who they are: give"
                            + " BOOKING_AUTH_API_KEYS_FILE or the BOOKING_AUTH_JWT_ variables, or say"
                            + " BOOKING_AUTH_OPEN_TO_ALL=true if everybody who reaches this address may do everything");
        }
        return access;
    }

    /** Whether everybody may do everything. */
    public boolean isOpen() {
        return apiKeysFile.isEmpty() && tokens.isEmpty();
    }

    /** Whether everybody may do everything because only this machine can reach the gateway. */
    public boolean isForThisMachine() {
        return isOpen() && !openToAll;
    }

    private static URL url(String text) {
        try {
            return URI.create(text).toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            // Listening there will fail with a better message.
            return false;
        }
    }
}
