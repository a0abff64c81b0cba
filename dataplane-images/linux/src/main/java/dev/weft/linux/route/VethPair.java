package dev.weft.linux.route;

import dev.weft.linux.NetlinkWriter;
import dev.weft.linux.Netns;
import dev.weft.net.MacAddress;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A pair of virtual Ethernet devices (veth(4)), made in one step with its names, addresses and MTUs, the far end in
 * another network namespace from the start.
 *
 * @param near the end in the socket's namespace
 * @param far the other end
 */
public record VethPair(End near, End far) {
    private static final int VETH_INFO_PEER = 1;

    /**
     * One end.
     *
     * @param name its name
     * @param mac its address; empty for a random one
     * @param mtu bytes of its largest packet
     * @param index its index; empty for the namespace's next one. In a namespace that has nothing but {@code lo}, index 2
     *     spares the question what it is. EBUSY or EEXIST if it is taken
     */
    public record End(String name, Optional<MacAddress> mac, int mtu, OptionalInt index) {
        public End {
            LinkAttribute.checkedName(name);
        }

        public End(String name, MacAddress mac, int mtu) {
            this(name, Optional.of(mac), mtu, OptionalInt.empty());
        }
    }

    /**
     * Makes the pair with both ends in the socket's namespace, down; EEXIST if a name is taken.
     */
    public Change create() {
        return create(OptionalInt.empty());
    }

    /**
     * Makes the pair with the far end in {@code farNetns}, which must be open when the change is applied; both ends are
     * down. EEXIST if a name is taken, in whichever namespace.
     */
    public Change create(Netns farNetns) {
        return create(OptionalInt.of(farNetns.fd()));
    }

    private Change create(OptionalInt netnsFd) {
        NetlinkWriter writer = LinkAttribute.header(near.index.orElse(0), 0, 0);
        attributes(writer, near);
        writer.nest(LinkAttribute.IFLA_LINKINFO)
                .attr(LinkAttribute.IFLA_INFO_KIND, "veth")
                .nest(LinkAttribute.IFLA_INFO_DATA)
                .nest(VETH_INFO_PEER);
        LinkAttribute.writeHeader(writer, far.index.orElse(0), 0, 0);
        attributes(writer, far);
        netnsFd.ifPresent(fd -> writer.attrU32(LinkAttribute.IFLA_NET_NS_FD, fd));
        writer.endNest().endNest().endNest();
        return Change.create("make veth pair " + near.name + ", " + far.name, writer.message(RtmType.NEWLINK, 0));
    }

    private static void attributes(NetlinkWriter writer, End end) {
        writer.attr(LinkAttribute.IFLA_IFNAME, end.name);
        end.mac.ifPresent(mac -> writer.attr(LinkAttribute.IFLA_ADDRESS, mac.bytes()));
        // One queue each way: by default there is one for each CPU, each with its folders in sysfs, and no use for
        // them.
        writer.attrU32(LinkAttribute.IFLA_MTU, end.mtu)
                .attrU32(LinkAttribute.IFLA_NUM_TX_QUEUES, 1)
                .attrU32(LinkAttribute.IFLA_NUM_RX_QUEUES, 1);
    }
}
