package dev.weft.linux.route;

import dev.weft.linux.NetlinkFormatException;
import dev.weft.linux.NetlinkMessage;
import dev.weft.linux.NetlinkReader;
import dev.weft.linux.NetlinkWriter;
import dev.weft.net.Ip;
import java.util.Optional;

/**
 * An address of a link ({@code struct ifaddrmsg}, linux/if_addr.h).
 *
 * @param link the link's index
 * @param ip the address
 * @param prefixLength length of its subnet's prefix
 * @param scope where it is valid
 * @param flags {@code IFA_F_*}. The kernel adds PERMANENT and may add TENTATIVE
 */
public record Address(int link, Ip ip, int prefixLength, Scope scope, int flags) {
    /** No duplicate address detection (IPv6): usable at once. */
    public static final int NODAD = 0x02;

    /** Duplicate address detection has found another owner. */
    public static final int DADFAILED = 0x08;

    /** Duplicate address detection is not over. */
    public static final int TENTATIVE = 0x40;

    /** Has no lifetime. */
    public static final int PERMANENT = 0x80;

    /** The kernel makes no route for the subnet. */
    public static final int NOPREFIXROUTE = 0x200;

    private static final int HEADER = 8;
    private static final int IFA_ADDRESS = 1;
    private static final int IFA_LOCAL = 2;
    private static final int IFA_FLAGS = 8;

    public Address {
        if (prefixLength < 0 || prefixLength > ip.family().bits()) {
            throw new IllegalArgumentException("prefix length /" + prefixLength + " of " + ip);
        }
    }

    /** A /32 or /128 without duplicate address detection and without a route of its own. */
    public static Address host(int link, Ip ip) {
        return new Address(link, ip, ip.family().bits(), Scope.UNIVERSE, NODAD | NOPREFIXROUTE);
    }

    /** Whether a flag is set, such as {@link #TENTATIVE}. */
    public boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** Adds it; EEXIST if the link has it. */
    public Change add() {
        return Change.create("add address " + this, message(RtmType.NEWADDR));
    }

    /** Adds it, or changes the flags and scope of the one that is there. */
    public Change replace() {
        return Change.replace("set address " + this, message(RtmType.NEWADDR));
    }

    /** Deletes it; EADDRNOTAVAIL if the link lacks it. */
    public Change delete() {
        return Change.of("delete address " + this, message(RtmType.DELADDR));
    }

    private NetlinkMessage message(int type) {
        byte[] bytes = ip.bytes();
        return new NetlinkWriter()
                .u8(ip.family().addressFamily())
                .u8(prefixLength)
                .u8(flags)
                .u8(scope.number())
                .u32(link)
                .attr(IFA_LOCAL, bytes)
                .attr(IFA_ADDRESS, bytes)
                .attrU32(IFA_FLAGS, flags)
                .message(type, 0);
    }

    /** Asks for all addresses of a link, or of all links for 0. */
    static NetlinkMessage get(int link) {
        return new NetlinkWriter().u32(0).u32(link).message(RtmType.GETADDR, 0);
    }

    /**
     * Decodes RTM_NEWADDR and RTM_DELADDR.
     *
     * @return empty for families other than IP
     * @throws NetlinkFormatException if it cannot be read
     */
    public static Optional<Address> decode(NetlinkMessage message) {
        NetlinkReader reader = NetlinkReader.of(message, HEADER);
        NetlinkReader.Fields header = reader.header();
        int flags = header.u8(2);
        Optional<Ip> address = Optional.empty();
        Optional<Ip> local = Optional.empty();
        if (IpBytes.family(header.u8(0)).isEmpty()) {
            return Optional.empty();
        }
        while (reader.next()) {
            switch (reader.type()) {
                case IFA_ADDRESS -> address = Optional.of(IpBytes.ip(reader));
                case IFA_LOCAL -> local = Optional.of(IpBytes.ip(reader));
                case IFA_FLAGS -> flags = reader.i32();
                default -> {}
            }
        }
        // On point-to-point links IFA_ADDRESS is the peer's; IPv6 without a peer has no IFA_LOCAL.
        int all = flags;
        int prefixLength = header.u8(1);
        Optional<Ip> own = local.isPresent() ? local : address;
        if (own.isPresent() && prefixLength > own.get().family().bits()) {
            throw new NetlinkFormatException("prefix length /" + prefixLength + " of " + own.get());
        }
        return own.map(ip -> new Address(header.i32(4), ip, prefixLength, Scope.of(header.u8(3)), all));
    }

    @Override
    public String toString() {
        return ip + "/" + prefixLength + " of link " + link;
    }
}
