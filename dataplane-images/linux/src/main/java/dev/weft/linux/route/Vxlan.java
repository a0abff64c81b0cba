package dev.weft.linux.route;

import dev.weft.linux.NetlinkReader;
import dev.weft.linux.NetlinkWriter;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import dev.weft.net.MacAddress;
import java.util.Optional;

/**
 * Settings of a VXLAN device (RFC 7348; {@code IFLA_VXLAN_*}, linux/if_link.h). The kernel changes few of them on a
 * device that exists: delete and make it anew.
 *
 * @param vni network identifier, 0 to 16777215
 * @param port UDP port, of both sides
 * @param local this node's address in the outer packets, whose family they have
 * @param device index of the link that outer packets leave by, 0 for what the routes say
 * @param learning learns MAC addresses from packets
 * @param checksums outer packets carry UDP checksums. Zero checksums are accepted in any case
 */
public record Vxlan(int vni, int port, Optional<Ip> local, int device, boolean learning, boolean checksums) {
    static final String KIND = "vxlan";

    private static final int IFLA_VXLAN_ID = 1;
    private static final int IFLA_VXLAN_LINK = 3;
    private static final int IFLA_VXLAN_LOCAL = 4;
    private static final int IFLA_VXLAN_LEARNING = 7;
    private static final int IFLA_VXLAN_PORT = 15;
    private static final int IFLA_VXLAN_LOCAL6 = 17;
    private static final int IFLA_VXLAN_UDP_CSUM = 18;
    private static final int IFLA_VXLAN_UDP_ZERO_CSUM6_TX = 19;
    private static final int IFLA_VXLAN_UDP_ZERO_CSUM6_RX = 20;

    public Vxlan {
        if (vni < 0 || vni > 0xffffff || port < 0 || port > 0xffff || device < 0) {
            throw new IllegalArgumentException(
                    "VXLAN VNI " + vni + ", port " + port + " or device " + device + " is out of range");
        }
    }

    /**
     * Makes the device, down; EEXIST if the name is taken or another device has the VNI and port.
     *
     * @param mtu bytes of its largest inner packet
     */
    public Change create(String name, MacAddress mac, int mtu) {
        NetlinkWriter writer = LinkAttribute.header(0, 0, 0)
                .attr(LinkAttribute.IFLA_IFNAME, LinkAttribute.checkedName(name))
                .attr(LinkAttribute.IFLA_ADDRESS, mac.bytes())
                .attrU32(LinkAttribute.IFLA_MTU, mtu)
                .nest(LinkAttribute.IFLA_LINKINFO)
                .attr(LinkAttribute.IFLA_INFO_KIND, KIND)
                .nest(LinkAttribute.IFLA_INFO_DATA)
                .attrU32(IFLA_VXLAN_ID, vni)
                .attrBe16(IFLA_VXLAN_PORT, port)
                .attrU8(IFLA_VXLAN_LEARNING, learning ? 1 : 0)
                .attrU8(IFLA_VXLAN_UDP_CSUM, checksums ? 1 : 0)
                .attrU8(IFLA_VXLAN_UDP_ZERO_CSUM6_TX, checksums ? 0 : 1)
                .attrU8(IFLA_VXLAN_UDP_ZERO_CSUM6_RX, 1);
        local.ifPresent(
                ip -> writer.attr(ip.family() == Family.IPV4 ? IFLA_VXLAN_LOCAL : IFLA_VXLAN_LOCAL6, ip.bytes()));
        if (device != 0) {
            writer.attrU32(IFLA_VXLAN_LINK, device);
        }
        return Change.create(
                "make VXLAN link " + name, writer.endNest().endNest().message(RtmType.NEWLINK, 0));
    }

    static Vxlan decode(NetlinkReader data) {
        int vni = 0;
        int port = 0;
        int device = 0;
        Optional<Ip> local = Optional.empty();
        boolean learning = false;
        boolean checksum4 = false;
        boolean zeroChecksum6 = false;
        while (data.next()) {
            switch (data.type()) {
                case IFLA_VXLAN_ID -> vni = data.i32() & 0xffffff;
                case IFLA_VXLAN_PORT -> port = data.be16();
                case IFLA_VXLAN_LINK -> device = data.i32() & Integer.MAX_VALUE;
                case IFLA_VXLAN_LOCAL, IFLA_VXLAN_LOCAL6 -> local = Optional.of(IpBytes.ip(data));
                case IFLA_VXLAN_LEARNING -> learning = data.u8() != 0;
                case IFLA_VXLAN_UDP_CSUM -> checksum4 = data.u8() != 0;
                case IFLA_VXLAN_UDP_ZERO_CSUM6_TX -> zeroChecksum6 = data.u8() != 0;
                default -> {}
            }
        }
        boolean outerIpv6 = local.map(Ip::family).equals(Optional.of(Family.IPV6));
        return new Vxlan(vni, port, local, device, learning, outerIpv6 ? !zeroChecksum6 : checksum4);
    }
}
