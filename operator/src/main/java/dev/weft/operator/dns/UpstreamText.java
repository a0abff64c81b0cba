package dev.weft.operator.dns;

import dev.weft.config.DnsConfig.Protocol;
import dev.weft.config.DnsConfig.Upstream;
import dev.weft.net.Ip;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A DNS server as users write it: {@code [tcp://|tls://]address[:port][#name]}. */
final class UpstreamText {
    private static final int PORT = 53;
    /** RFC 7858, 3.1. */
    private static final int TLS_PORT = 853;

    private static final Pattern FORM = Pattern.compile("(?:(tcp|tls)://)?"
            + "(?:([0-9.]+)(?::([0-9]{1,5}))?|\\[([0-9a-fA-F:.]+)](?::([0-9]{1,5}))?|([0-9a-fA-F:]*:[0-9a-fA-F:.]*))"
            + "(?:#([A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?))?");

    private UpstreamText() {}

    /** @throws IllegalArgumentException if it is not of this form; the message says what is wrong */
    static Upstream parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("'" + text + "' is no DNS server such as 192.0.2.53");
        }
        Protocol protocol = switch (form.group(1)) {
            case "tcp" -> Protocol.TCP;
            case "tls" -> Protocol.TLS;
            case null, default -> Protocol.UDP;
        };
        String address = first(form.group(2), form.group(4), form.group(6));
        String port = first(form.group(3), form.group(5), "");
        String name = first(form.group(7), "", "");
        if (!name.isEmpty() && protocol != Protocol.TLS) {
            throw new IllegalArgumentException("'" + text + "' has a name and is not asked over TLS");
        }
        return new Upstream(
                protocol,
                Ip.parse(address),
                port.isEmpty() ? protocol == Protocol.TLS ? TLS_PORT : PORT : Integer.parseInt(port),
                name);
    }

    private static String first(@Nullable String a, @Nullable String b, @Nullable String c) {
        return a != null ? a : b != null ? b : c != null ? c : "";
    }
}
