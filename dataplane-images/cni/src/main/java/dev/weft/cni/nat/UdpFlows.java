package dev.weft.cni.nat;

import dev.weft.cni.protocol.PortMapping;
import dev.weft.linux.NetlinkMessage;
import dev.weft.linux.NetlinkReader;
import dev.weft.linux.NetlinkSocket;
import dev.weft.linux.NetlinkWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Ends the kernel's memory of UDP flows to host ports (ctnetlink, linux/netfilter/nfnetlink_conntrack.h). A client that
 * keeps sending keeps its conntrack entry alive, and NAT rules are asked for new entries only: without this it would go
 * on talking to a pod that is gone, or to none.
 */
public final class UdpFlows implements AutoCloseable {
    private static final int NFNL_SUBSYS_CTNETLINK = 1 << 8;
    private static final int GET = NFNL_SUBSYS_CTNETLINK | 1;
    private static final int DELETE = NFNL_SUBSYS_CTNETLINK | 2;
    private static final int NFGENMSG = 4;
    private static final int CTA_TUPLE_ORIG = 1;
    private static final int CTA_TUPLE_PROTO = 2;
    private static final int CTA_PROTO_NUM = 1;
    private static final int CTA_PROTO_DST_PORT = 3;
    private static final int NLA_F_NESTED = 0x8000;

    private final NetlinkSocket socket;

    private UdpFlows(NetlinkSocket socket) {
        this.socket = socket;
    }

    /** Opens it in the calling thread's network namespace, which is the node's. */
    public static UdpFlows open() {
        return new UdpFlows(NetlinkSocket.open(NetlinkSocket.Protocol.NETFILTER));
    }

    /**
     * Forgets the flows to the UDP ports among these; nothing is asked of the kernel if there is none.
     *
     * @throws dev.weft.linux.LinuxException if the flows cannot be listed
     */
    public void forget(Collection<PortMapping> ports) {
        Set<Integer> hostPorts = ports.stream()
                .filter(port -> port.protocol() == PortMapping.Protocol.UDP)
                .map(PortMapping::hostPort)
                .collect(Collectors.toSet());
        if (hostPorts.isEmpty()) {
            return;
        }
        List<NetlinkMessage> deletions = new ArrayList<>();
        for (NetlinkMessage flow :
                socket.dump(new NetlinkWriter(8).zeros(NFGENMSG).message(GET, 0))) {
            NetlinkReader reader = NetlinkReader.of(flow, NFGENMSG);
            int family = reader.header().u8(0);
            while (reader.next()) {
                if (reader.type() == CTA_TUPLE_ORIG && hostPorts.contains(udpPort(reader.nested()))) {
                    deletions.add(new NetlinkWriter(128)
                            .u8(family)
                            .zeros(NFGENMSG - 1)
                            .attr(CTA_TUPLE_ORIG | NLA_F_NESTED, reader.bytes())
                            .message(DELETE, 0));
                }
            }
        }
        socket.request(deletions); // one that has ended meanwhile is no failure
    }

    @Override
    public void close() {
        socket.close();
    }

    /** The destination port of a UDP tuple, 0 for other protocols. */
    private static int udpPort(NetlinkReader tuple) {
        int protocol = 0;
        int port = 0;
        while (tuple.next()) {
            if (tuple.type() == CTA_TUPLE_PROTO) {
                NetlinkReader proto = tuple.nested();
                while (proto.next()) {
                    switch (proto.type()) {
                        case CTA_PROTO_NUM -> protocol = proto.u8();
                        case CTA_PROTO_DST_PORT -> port = proto.be16();
                        default -> {}
                    }
                }
            }
        }
        return protocol == PortMapping.Protocol.UDP.number() ? port : 0;
    }
}
