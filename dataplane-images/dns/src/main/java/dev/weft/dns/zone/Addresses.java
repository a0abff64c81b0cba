package dev.weft.dns.zone;

import dev.weft.dns.wire.DnsName;
import dev.weft.net.Family;
import dev.weft.net.Ip;

/** Names made of addresses. */
final class Addresses {
    private static final DnsName IN_ADDR_ARPA = DnsName.parse("in-addr.arpa");
    private static final DnsName IP6_ARPA = DnsName.parse("ip6.arpa");

    private Addresses() {}

    /** The name whose PTR record tells the address' name: RFC 1035 section 3.5, RFC 3596 section 2.5. */
    static DnsName reverse(Ip ip) {
        byte[] bytes = ip.bytes();
        if (ip.family() == Family.IPV4) {
            DnsName name = IN_ADDR_ARPA;
            for (byte b : bytes) {
                name = name.child(Integer.toString(b & 0xff));
            }
            return name;
        }
        DnsName name = IP6_ARPA;
        for (byte b : bytes) {
            name = name.child(Integer.toHexString((b >> 4) & 15)).child(Integer.toHexString(b & 15));
        }
        return name;
    }

    /** {@code 10-244-1-7}, {@code fd00--7}: how pods are named. */
    static String dashed(Ip ip) {
        return ip.toString().replace('.', '-').replace(':', '-');
    }

    /** As {@link #dashed}, for endpoints; CoreDNS ends no label in a dash. */
    static String label(Ip ip) {
        String dashed = dashed(ip);
        return dashed.endsWith("-") ? dashed + "0" : dashed;
    }
}
