package booking.gateway.http;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;

/** Some networks, and addresses as text. No name is ever looked up. */
final class Networks {
    private static final int ANY_PORT = 0;

    private final List<IpSubnetFilterRule> networks;

    /** @throws IllegalArgumentException when one is neither an address nor a network */
    Networks(List<String> written) {
        networks = written.stream().map(Networks::parse).toList();
    }

    boolean have(InetAddress address) {
        InetSocketAddress socket = new InetSocketAddress(address, ANY_PORT);
        return networks.stream().anyMatch(network -> network.matches(socket));
    }

    /** A network such as {@code 10.0.0.0/8}, or one address. */
    static IpSubnetFilterRule parse(String written) {
        int slash = written.indexOf('/');
        InetAddress address = address(slash < 0 ? written : written.substring(0, slash))
                .orElseThrow(() -> new IllegalArgumentException("not an address or a network: " + written));
        int bits = address.getAddress().length * Byte.SIZE;
        int prefix = slash < 0 ? bits : Integer.parseInt(written.substring(slash + 1));
        if (prefix < 0 || prefix > bits) {
            throw new IllegalArgumentException("a network has 0 to " + bits + " bits: " + written);
        }
        return new IpSubnetFilterRule(address, prefix, IpFilterRuleType.ACCEPT);
    }

    /** The address in this text, without a port; IPv4 also where it is written as IPv6. */
    static Optional<InetAddress> address(String text) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(text);
        if (bytes == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByAddress(bytes));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("no length of an address: " + bytes.length, e);
        }
    }
}
