package booking.gateway.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Keeps the web out of a gateway that asks nobody who they are because only its own machine can reach it. A browser on
 * that machine can, and it runs the pages of others: those may send to any address, and may have the name of their own
 * host lead to 127.0.0.1 (DNS rebinding). Both show in the headers, which a page cannot change.
 */
final class OwnMachine {
    private static final Set<HttpMethod> LOOKING = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);
    private static final Pattern HOST = Pattern.compile("(?:\\[([0-9A-Fa-f:.]+)]|([^:\\[\\]]+))(?::[0-9]*)?");

    private OwnMachine() {}

    /** Refuses what a page of another host has a browser send. Programs say no origin, and name the host they call. */
    static void require(HttpServerRequest request) {
        List<String> hosts = request.headers().getAll(HttpHeaders.HOST);
        if (!hosts.stream().allMatch(OwnMachine::isLoopback)) {
            throw refused("the host that it is for must be an address of this machine alone, such as 127.0.0.1 or"
                    + " localhost");
        }
        if (LOOKING.contains(request.method())) {
            return;
        }
        for (String origin : request.headers().getAll(HttpHeaders.ORIGIN)) {
            if (hosts.stream().noneMatch(host -> isOf(origin, host))) {
                throw refused("it was sent by a page of another host");
            }
        }
    }

    private static boolean isOf(String origin, String host) {
        return origin.equalsIgnoreCase("http://" + host) || origin.equalsIgnoreCase("https://" + host);
    }

    private static boolean isLoopback(String host) {
        Matcher parts = HOST.matcher(host.strip());
        if (!parts.matches()) {
            return false;
        }
        if (parts.group(1) != null) {
            return isLoopbackAddress(parts.group(1));
        }
        String name = parts.group(2).toLowerCase(Locale.ROOT);
        // RFC 6761, section 6.3: these names lead nowhere else.
        return name.equals("localhost") || name.endsWith(".localhost") || isLoopbackAddress(name);
    }

    private static boolean isLoopbackAddress(String text) {
        return Networks.address(text).filter(InetAddress::isLoopbackAddress).isPresent();
    }

    private static RequestRefused refused(String why) {
        return Gate.forbidden("nobody is asked here who they are, so a request is taken from this machine only: " + why
                + ". API keys, tokens or BOOKING_AUTH_OPEN_TO_ALL=true lift that");
    }
}
