package dev.weft.cni.pod;

import dev.weft.linux.NetlinkMessage;
import dev.weft.linux.NetlinkWriter;
import dev.weft.net.Cidr;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import dev.weft.net.MacAddress;

/** The rtnetlink messages of pod links (rtnetlink(7), linux/if_link.h, linux/rtnetlink.h). Pure. */
final class LinkMessages {
    static final int RTM_NEWLINK = 16;
    static final int RTM_DELLINK = 17;
    static final int RTM_GETLINK = 18;
    static final int RTM_SETLINK = 19;
    static final int RTM_NEWADDR = 20;
    static final int RTM_GETADDR = 22;
    static final int RTM_NEWROUTE = 24;
    static final int RTM_GETROUTE = 26;
    static final int RTM_NEWNEIGH = 28;
    static final int RTM_GETNEIGH = 30;

    static final int IFINFOMSG = 16;
    static final int IFADDRMSG = 8;
    static final int RTMSG = 12;
    static final int NDMSG = 12;

    static final int IFLA_ADDRESS = 1;
    static final int IFLA_IFNAME = 3;
    static final int IFLA_MTU = 4;
    static final int IFLA_LINK = 5;
    private static final int IFLA_LINKINFO = 18;
    private static final int IFLA_AF_SPEC = 26;
    private static final int IFLA_GROUP = 27;
    private static final int IFLA_NET_NS_FD = 28;
    private static final int IFLA_NUM_TX_QUEUES = 31;
    private static final int IFLA_NUM_RX_QUEUES = 32;
    private static final int IFLA_INFO_KIND = 1;
    private static final int IFLA_INFO_DATA = 2;
    private static final int VETH_INFO_PEER = 1;
    private static final int IFLA_INET6_ADDR_GEN_MODE = 8;
    private static final int IN6_ADDR_GEN_MODE_NONE = 1;
    static final int IFF_UP = 1;

    static final int IFA_ADDRESS = 1;
    static final int IFA_LOCAL = 2;
    private static final int IFA_FLAGS = 8;
    private static final int IFA_F_NODAD = 0x02;
    private static final int IFA_F_NOPREFIXROUTE = 0x200;

    static final int RTA_DST = 1;
    static final int RTA_OIF = 4;
    static final int RTA_GATEWAY = 5;
    private static final int RT_TABLE_MAIN = 254;
    private static final int RT_SCOPE_UNIVERSE = 0;
    private static final int RT_SCOPE_LINK = 253;
    private static final int RTN_UNICAST = 1;
    private static final int RTNH_F_ONLINK = 4;
    /** Marks our routes among others ({@code ip route show proto 87}); 0x57 is W. */
    static final int ROUTE_PROTOCOL = 87;

    static final int NDA_DST = 1;
    static final int NDA_LLADDR = 2;
    static final int NUD_PERMANENT = 0x80;

    private static final int NEW = NetlinkMessage.NLM_F_CREATE | NetlinkMessage.NLM_F_EXCL;
    private static final int PUT = NetlinkMessage.NLM_F_CREATE | NetlinkMessage.NLM_F_REPLACE;

    private LinkMessages() {}

    /** Makes the pair, the pod's end directly in its namespace: moving it there later would cost two RCU waits. */
    static NetlinkMessage createPair(PodLink link, int podNetnsFd) {
        NetlinkWriter writer = ifinfomsg(new NetlinkWriter(), 0, 0);
        end(writer, link.hostLink(), link.hostMac(), link.mtu());
        writer.nest(IFLA_LINKINFO).attr(IFLA_INFO_KIND, "veth").nest(IFLA_INFO_DATA);
        ifinfomsg(writer.nest(VETH_INFO_PEER), 0, 0);
        end(writer, link.ifname(), link.podMac(), link.mtu()).attrU32(IFLA_NET_NS_FD, podNetnsFd);
        return writer.endNest().endNest().endNest().message(RTM_NEWLINK, NEW);
    }

    /**
     * Sets the host's end up, without a link-local IPv6 address: nobody asks for it, and each would cost a round of
     * duplicate address detection under the RTNL lock.
     */
    static NetlinkMessage hostUp(String name, boolean ipv6) {
        NetlinkWriter writer = ifinfomsg(new NetlinkWriter(), 0, IFF_UP).attr(IFLA_IFNAME, name);
        if (ipv6) {
            writer.nest(IFLA_AF_SPEC).nest(Family.IPV6.addressFamily());
            writer.attrU8(IFLA_INET6_ADDR_GEN_MODE, IN6_ADDR_GEN_MODE_NONE)
                    .endNest()
                    .endNest();
        }
        return writer.message(RTM_SETLINK, 0);
    }

    static NetlinkMessage up(int index) {
        return ifinfomsg(new NetlinkWriter(32), index, IFF_UP).message(RTM_SETLINK, 0);
    }

    static NetlinkMessage getLink(String name) {
        return ifinfomsg(new NetlinkWriter(64), 0, 0).attr(IFLA_IFNAME, name).message(RTM_GETLINK, 0);
    }

    static NetlinkMessage getLinks() {
        return ifinfomsg(new NetlinkWriter(32), 0, 0).message(RTM_GETLINK, 0);
    }

    static NetlinkMessage setGroup(String name, int group) {
        return ifinfomsg(new NetlinkWriter(64), 0, 0)
                .attr(IFLA_IFNAME, name)
                .attrU32(IFLA_GROUP, group)
                .message(RTM_SETLINK, 0);
    }

    /** Removes all links of a group. */
    static NetlinkMessage deleteGroup(int group) {
        return ifinfomsg(new NetlinkWriter(32), 0, 0).attrU32(IFLA_GROUP, group).message(RTM_DELLINK, 0);
    }

    /** A /32 or /128, usable at once. */
    static NetlinkMessage address(int index, Ip ip) {
        return new NetlinkWriter(64)
                .u8(ip.family().addressFamily())
                .u8(ip.family().bits())
                .u8(0)
                .u8(RT_SCOPE_UNIVERSE)
                .u32(index)
                .attr(IFA_LOCAL, ip.bytes())
                .attr(IFA_ADDRESS, ip.bytes())
                .attrU32(IFA_FLAGS, IFA_F_NODAD | IFA_F_NOPREFIXROUTE)
                .message(RTM_NEWADDR, PUT);
    }

    static NetlinkMessage neighbour(int index, Ip ip, MacAddress mac) {
        return ndmsg(index, ip.family(), NUD_PERMANENT)
                .attr(NDA_DST, ip.bytes())
                .attr(NDA_LLADDR, mac.bytes())
                .message(RTM_NEWNEIGH, PUT);
    }

    /** The node's route to a pod. */
    static NetlinkMessage hostRoute(int index, Ip pod) {
        return rtmsg(Cidr.host(pod), pod.family() == Family.IPV4 ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE, 0)
                .attr(RTA_DST, pod.bytes())
                .attrU32(RTA_OIF, index)
                .message(RTM_NEWROUTE, PUT);
    }

    /** The pod's default route. */
    static NetlinkMessage defaultRoute(int index, Ip gateway) {
        Cidr all = Cidr.containing(gateway, 0);
        return rtmsg(all, RT_SCOPE_UNIVERSE, RTNH_F_ONLINK)
                .attr(RTA_GATEWAY, gateway.bytes())
                .attrU32(RTA_OIF, index)
                .message(RTM_NEWROUTE, PUT);
    }

    /** Asks for the route that packets to the address take. */
    static NetlinkMessage getRoute(Ip to) {
        return new NetlinkWriter(64)
                .u8(to.family().addressFamily())
                .u8(to.family().bits())
                .zeros(RTMSG - 2)
                .attr(RTA_DST, to.bytes())
                .message(RTM_GETROUTE, 0);
    }

    static NetlinkMessage getRoutes(Family family) {
        return new NetlinkWriter(32).u8(family.addressFamily()).zeros(RTMSG - 1).message(RTM_GETROUTE, 0);
    }

    static NetlinkMessage getNeighbours(Family family) {
        return ndmsg(0, family, 0).message(RTM_GETNEIGH, 0);
    }

    static NetlinkMessage getAddresses() {
        return new NetlinkWriter(32).zeros(IFADDRMSG).message(RTM_GETADDR, 0);
    }

    private static NetlinkWriter end(NetlinkWriter writer, String name, MacAddress mac, int mtu) {
        // One queue: more are of use to hardware only, and cost memory and sysfs entries for each CPU.
        return writer.attr(IFLA_IFNAME, name)
                .attr(IFLA_ADDRESS, mac.bytes())
                .attrU32(IFLA_MTU, mtu)
                .attrU32(IFLA_NUM_TX_QUEUES, 1)
                .attrU32(IFLA_NUM_RX_QUEUES, 1);
    }

    private static NetlinkWriter ifinfomsg(NetlinkWriter writer, int index, int up) {
        return writer.u8(0).u8(0).u16(0).u32(index).u32(up).u32(up);
    }

    private static NetlinkWriter ndmsg(int index, Family family, int state) {
        return new NetlinkWriter(64)
                .u8(family.addressFamily())
                .zeros(3)
                .u32(index)
                .u16(state)
                .u8(0)
                .u8(0);
    }

    private static NetlinkWriter rtmsg(Cidr to, int scope, int flags) {
        return new NetlinkWriter(64)
                .u8(to.family().addressFamily())
                .u8(to.length())
                .u8(0)
                .u8(0)
                .u8(RT_TABLE_MAIN)
                .u8(ROUTE_PROTOCOL)
                .u8(scope)
                .u8(RTN_UNICAST)
                .u32(flags);
    }
}
