package booking.gateway.access;

import booking.gateway.access.AccessSettings.Tokens;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jose.util.Resource;
import com.nimbusds.jose.util.ResourceRetriever;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.io.IOException;
import java.net.URL;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds out who holds a JSON Web Token (RFC 7519, checked as RFC 8725 advises): signed by a key that its issuer publishes
 * with an asymmetric algorithm, for us, and not over. Fetching the issuer's keys can take a while, so this is not for an
 * event loop.
 */
final class TokenVerifier {
    // No HMAC: its key would be the issuer's public one, which everybody has.
    static final Set<JWSAlgorithm> ALGORITHMS = Set.of(
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.PS384,
            JWSAlgorithm.PS512,
            JWSAlgorithm.ES256,
            JWSAlgorithm.ES384,
            JWSAlgorithm.ES512);

    private static final Duration CLOCK_SKEW = Duration.ofSeconds(60);
    private static final Duration KEYS_KEPT = Duration.ofMinutes(5);
    /** When the issuer is away, its last keys are good for so much longer. */
    private static final Duration KEYS_KEPT_IN_OUTAGE = Duration.ofHours(4);

    private static final Duration FETCH = Duration.ofSeconds(5);
    private static final Duration BETWEEN_FETCHES = Duration.ofSeconds(30);
    private static final int MOST_KEY_BYTES = 256 * 1024;
    private static final int MOST_KNOWN = 10_000;
    private static final Duration KNOWN_FOR = Duration.ofMinutes(1);
    private static final int LONGEST_USER_ID = 128;

    private final Tokens tokens;
    private final Fetching fetching = new Fetching();
    private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
    /** By the hash of the token, which can have kilobytes. */
    private final Cache<String, Known> known = Caffeine.newBuilder()
            .maximumSize(MOST_KNOWN)
            .expireAfterWrite(KNOWN_FOR)
            .build();

    private record Known(Caller caller, Instant until) {}

    /** Fetches the issuer's keys, and knows whether that went well. */
    private static final class Fetching implements ResourceRetriever {
        private final ResourceRetriever http = new DefaultResourceRetriever(
                Math.toIntExact(FETCH.toMillis()), Math.toIntExact(FETCH.toMillis()), MOST_KEY_BYTES);
        private volatile boolean failed;

        @Override
        public Resource retrieveResource(URL url) throws IOException {
            try {
                Resource keys = http.retrieveResource(url);
                var unused = JWKSet.parse(keys.getContent());
                failed = false;
                return keys;
            } catch (IOException e) {
                failed = true;
                throw e;
            } catch (ParseException e) {
                failed = true;
                throw new IOException("what is published there is no JSON Web Key Set", e);
            }
        }
    }

    TokenVerifier(Tokens tokens) {
        this.tokens = tokens;
        var keys = JWKSourceBuilder.create(tokens.keys(), fetching)
                .cache(KEYS_KEPT.toMillis(), FETCH.toMillis() * 3)
                .rateLimited(BETWEEN_FETCHES.toMillis())
                .retrying(true)
                .outageTolerant(KEYS_KEPT_IN_OUTAGE.toMillis())
                .build();
        processor.setJWSTypeVerifier(
                new DefaultJOSEObjectTypeVerifier<>(JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null));
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(ALGORITHMS, keys));
        DefaultJWTClaimsVerifier<SecurityContext> claims = new DefaultJWTClaimsVerifier<>(
                tokens.audience(),
                new JWTClaimsSet.Builder().issuer(tokens.issuer()).build(),
                Set.of("exp"));
        claims.setMaxClockSkew(Math.toIntExact(CLOCK_SKEW.toSeconds()));
        processor.setJWTClaimsSetVerifier(claims);
    }

    /** Who holds this token, if it has been verified a moment ago and is not over. */
    Optional<Caller> known(String token) {
        return Optional.ofNullable(known.getIfPresent(ApiKey.sha256(token)))
                .filter(entry -> Instant.now().isBefore(entry.until()))
                .map(Known::caller);
    }

    /** Who holds this token. Takes as long as fetching keys takes. */
    Caller verify(String token) throws NotAuthenticatedException, CannotCheckException {
        try {
            JWTClaimsSet claims = processor.process(token, null);
            Caller caller = caller(claims);
            known.put(
                    ApiKey.sha256(token),
                    new Known(caller, claims.getExpirationTime().toInstant().plus(CLOCK_SKEW)));
            return caller;
        } catch (RateLimitReachedException e) {
            // Its key is not among the last ones, and those are not fetched for every token that says so.
            if (fetching.failed) {
                throw new CannotCheckException("the keys of the tokens' issuer cannot be fetched", e);
            }
            throw new NotAuthenticatedException("the token is not good: its issuer publishes no such key");
        } catch (KeySourceException e) {
            throw new CannotCheckException("the keys of the tokens' issuer cannot be fetched", e);
        } catch (BadJOSEException | JOSEException | ParseException e) {
            // Nimbus says what is wrong and never what would be right, nor any part of a secret.
            throw new NotAuthenticatedException("the token is not good: " + e.getMessage());
        }
    }

    private Caller caller(JWTClaimsSet claims) throws NotAuthenticatedException {
        Optional<String> user = Optional.ofNullable(claim(claims, tokens.userClaim()))
                .map(Object::toString)
                .filter(id -> !id.isEmpty() && id.length() <= LONGEST_USER_ID);
        if (user.isEmpty()) {
            throw new NotAuthenticatedException("the token does not say who it is for: its claim " + tokens.userClaim()
                    + " must have 1 to 128 characters");
        }
        Set<Role> roles = EnumSet.noneOf(Role.class);
        for (String written : texts(claim(claims, tokens.rolesClaim()))) {
            // Tokens have roles for others, too.
            Role.of(written).ifPresent(roles::add);
        }
        return new Caller(Optional.of("user:" + user.get()), roles, user);
    }

    private static @Nullable Object claim(JWTClaimsSet claims, String path) {
        Object direct = claims.getClaim(path);
        if (direct != null) {
            return direct;
        }
        Object found = claims.getClaims();
        for (String step : path.split("\\.", -1)) {
            found = found instanceof Map<?, ?> object ? object.get(step) : null;
        }
        return found;
    }

    private static Set<String> texts(@Nullable Object claim) {
        Set<String> texts = new LinkedHashSet<>();
        if (claim instanceof List<?> list) {
            list.forEach(entry -> texts.add(String.valueOf(entry)));
        } else if (claim instanceof String text) {
            texts.addAll(Arrays.asList(text.split(" ", -1)));
        }
        return texts;
    }
}
