package booking.gateway.http;

import booking.gateway.http.RateLimitSettings.ProxyHeader;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where a request comes from. Of what a header says only that is believed which a trusted proxy has appended: it is read
 * from its end, and the first address that is no trusted proxy's is the client's. Whatever stands before it may be the
 * client's own invention.
 */
final class ClientAddress {
    /** What one subscriber usually has of IPv6. */
    private static final int IPV6_NETWORK_BYTES = 8;
    // "192.0.2.1:4711", "[2001:db8::1]:4711" or either alone; ports may be hidden, as _p1 (RFC 7239, section 6).
    private static final Pattern WITH_PORT = Pattern.compile("(?:\\[([0-9A-Fa-f:.]+)]|([0-9.]+))(?::[A-Za-z0-9._-]+)?");
    private static final Pattern FOR = Pattern.compile("for\\s*=\\s*\"?([^\"]*)\"?", Pattern.CASE_INSENSITIVE);

    private final Networks trusted;
    private final ProxyHeader header;

    ClientAddress(RateLimitSettings settings) {
        this.trusted = new Networks(settings.trustedProxies());
        this.header = settings.proxyHeader();
    }

    /** The name of the header to be read. */
    String header() {
        return header == ProxyHeader.FORWARDED ? "Forwarded" : "X-Forwarded-For";
    }

    /**
     * One name for each client: an IPv4 address, or an IPv6 network of 64 bits.
     *
     * @param peer the address at the other end of the connection
     * @param lines the header's, in their order
     */
    String of(String peer, List<String> lines) {
        Optional<InetAddress> connected = Networks.address(peer);
        if (connected.isEmpty()) {
            return peer;
        }
        InetAddress address = connected.get();
        List<String> hops = lines.stream()
                .flatMap(line -> Arrays.stream(line.split(",", -1)))
                .map(String::strip)
                .toList();
        for (int i = hops.size() - 1; i >= 0 && trusted.have(address); i--) {
            Optional<InetAddress> before = hop(hops.get(i));
            if (before.isEmpty()) {
                // Hidden or nonsense: all that is known is who passed it on.
                break;
            }
            address = before.get();
        }
        return name(address);
    }

    private Optional<InetAddress> hop(String text) {
        if (header == ProxyHeader.X_FORWARDED_FOR) {
            return node(text);
        }
        return Stream.of(text.split(";", -1))
                .map(pair -> FOR.matcher(pair.strip()))
                .filter(Matcher::matches)
                .findFirst()
                .flatMap(pair -> node(pair.group(1)));
    }

    private static Optional<InetAddress> node(String text) {
        Matcher withPort = WITH_PORT.matcher(text);
        if (withPort.matches()) {
            return Networks.address(withPort.group(1) == null ? withPort.group(2) : withPort.group(1));
        }
        return Networks.address(text);
    }

    private static String name(InetAddress address) {
        if (address instanceof Inet4Address) {
            return address.getHostAddress();
        }
        return HexFormat.of()
                        .formatHex(address.getAddress(), 0, IPV6_NETWORK_BYTES)
                        .toLowerCase(Locale.ROOT) + "/64";
    }
}
