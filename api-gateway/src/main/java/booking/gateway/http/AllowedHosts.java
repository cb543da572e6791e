package booking.gateway.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Keeps the web out of a gateway that asks nobody who they are because few can reach it. The browsers of those few can,
 * and they run the pages of others: those may send to any address, and may have the name of their own host lead to this
 * gateway (DNS rebinding). Both show in the headers, which a page cannot change.
 */
final class AllowedHosts {
    private static final Pattern HOST = Pattern.compile("(?:\\[([0-9A-Fa-f:.]+)]|([^:\\[\\]]+))(?::[0-9]*)?");
    private static final Pattern NAME = Pattern.compile("[a-z0-9_-]+(?:\\.[a-z0-9_-]+)*");
    private static final String FETCH_SITE = "Sec-Fetch-Site";
    /** A page of the gateway itself sends it, or somebody who has typed the address. */
    private static final Set<String> NOBODY_ELSES = Set.of("same-origin", "none");

    private final Set<String> names;

    /**
     * All names of this machine, and these.
     *
     * @param further names and addresses, without ports
     * @throws IllegalArgumentException when one is neither
     */
    AllowedHosts(List<String> further) {
        this.names = further.stream().map(AllowedHosts::parse).collect(Collectors.toUnmodifiableSet());
    }

    /** A name or an address, as it is compared. */
    static String parse(String written) {
        String name = plain(written);
        return Networks.address(name)
                .map(InetAddress::getHostAddress)
                .or(() -> Optional.of(name).filter(NAME.asMatchPredicate()))
                .orElseThrow(() -> new IllegalArgumentException("neither a name nor an address: " + written));
    }

    /** Refuses what a page of another host has a browser send. Programs say no origin, and name the host they call. */
    void require(HttpServerRequest request) {
        List<String> hosts = request.headers().getAll(HttpHeaders.HOST);
        if (!hosts.stream().allMatch(this::isAllowed)) {
            throw refused("its Host must be localhost, an address of this machine alone (127.0.0.1), or one of"
                    + " BOOKING_HTTP_ALLOWED_HOSTS");
        }
        if (!NOBODY_ELSES.containsAll(request.headers().getAll(FETCH_SITE))) {
            throw refused("a page of another host had a browser send it");
        }
        // Says less: not of images and the like. But older browsers say it, and all do over plain HTTP to other
        // machines.
        for (String origin : request.headers().getAll(HttpHeaders.ORIGIN)) {
            if (hosts.stream().noneMatch(host -> isOf(origin, host))) {
                throw refused("a page of another host had a browser send it");
            }
        }
    }

    private static boolean isOf(String origin, String host) {
        return origin.equalsIgnoreCase("http://" + host) || origin.equalsIgnoreCase("https://" + host);
    }

    private boolean isAllowed(String host) {
        Matcher parts = HOST.matcher(host.strip());
        if (!parts.matches()) {
            return false;
        }
        String name = plain(parts.group(1) != null ? parts.group(1) : parts.group(2));
        Optional<InetAddress> address = Networks.address(name);
        if (address.isPresent()) {
            return address.get().isLoopbackAddress()
                    || names.contains(address.get().getHostAddress());
        }
        // RFC 6761, section 6.3: these names lead nowhere else.
        return name.equals("localhost") || name.endsWith(".localhost") || names.contains(name);
    }

    /** Without the dot that says where a name ends (RFC 1034, section 3.1), and in lower case. */
    private static String plain(String name) {
        return (name.endsWith(".") ? name.substring(0, name.length() - 1) : name).toLowerCase(Locale.ROOT);
    }

    private static RequestRefused refused(String why) {
        return Gate.forbidden("nobody is asked here who they are, so not everything is taken: " + why
                + ". With API keys or tokens it does not matter");
    }
}
