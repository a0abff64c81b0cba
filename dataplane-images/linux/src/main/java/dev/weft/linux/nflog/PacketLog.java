package dev.weft.linux.nflog;

import dev.weft.linux.LinuxException;
import dev.weft.linux.NetlinkEvent;
import dev.weft.linux.NetlinkFormatException;
import dev.weft.linux.NetlinkMessage;
import dev.weft.linux.NetlinkResult;
import dev.weft.linux.NetlinkSocket;
import dev.weft.linux.NetlinkWriter;
import dev.weft.linux.Netns;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Receives what rules send to an nflog group. One thread reads; a group has one reader in a network namespace. */
public final class PacketLog implements AutoCloseable {
    /** {@code NFNL_SUBSYS_ULOG << 8 | NFULNL_MSG_CONFIG}. */
    private static final int CONFIG = 4 << 8 | 1;

    private static final int NFULA_CFG_CMD = 1;
    private static final int NFULA_CFG_MODE = 2;
    private static final int NFULA_CFG_TIMEOUT = 4;
    private static final int NFULNL_CFG_CMD_BIND = 1;
    private static final int NFULNL_COPY_PACKET = 2;

    /** Enough for an IPv6 header, some extensions and the ports. */
    private static final int COPY_BYTES = 128;

    /** Hundredths of a second that the kernel may gather packets for. */
    private static final int GATHER = 10;

    private final NetlinkSocket socket;
    private long lost;

    private PacketLog(NetlinkSocket socket) {
        this.socket = socket;
    }

    /**
     * Takes a group in a network namespace.
     *
     * @param group 0 to 65535
     * @throws LinuxException EBUSY if another program has the group; EINVAL or ENOENT if the kernel has no such log
     */
    public static PacketLog openIn(Netns netns, int group) {
        NetlinkSocket socket = NetlinkSocket.openIn(netns, NetlinkSocket.Protocol.NETFILTER);
        try {
            configure(socket, header(group).attrU8(NFULA_CFG_CMD, NFULNL_CFG_CMD_BIND));
            byte[] mode = new NetlinkWriter(8)
                    .be32(COPY_BYTES)
                    .u8(NFULNL_COPY_PACKET)
                    .zeros(1)
                    .toBytes();
            configure(socket, header(group).attr(NFULA_CFG_MODE, mode));
            configure(socket, header(group).attrBe32(NFULA_CFG_TIMEOUT, GATHER));
            socket.listen();
            return new PacketLog(socket);
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /** {@code struct nfgenmsg}: family, version, and the group as {@code res_id}. */
    private static NetlinkWriter header(int group) {
        return new NetlinkWriter(32).u8(0).u8(0).be16(group);
    }

    private static void configure(NetlinkSocket socket, NetlinkWriter message) {
        NetlinkResult result = socket.request(message.message(CONFIG, 0));
        if (!result.ok()) {
            throw new LinuxException(result.errno(), "NFULNL_MSG_CONFIG", "listen to packets that rules log");
        }
    }

    /**
     * Waits for packets for up to the time given; holds the thread.
     *
     * @throws LinuxException as {@code recvmsg(2)}
     */
    public List<LoggedPacket> receive(Duration timeout) {
        return switch (socket.receive(timeout)) {
            case NetlinkEvent.Received(List<NetlinkMessage> messages) -> packets(messages);
            case NetlinkEvent.Overrun() -> {
                lost++;
                yield List.of();
            }
            case NetlinkEvent.Nothing() -> List.of();
        };
    }

    private List<LoggedPacket> packets(List<NetlinkMessage> messages) {
        List<LoggedPacket> packets = new ArrayList<>(messages.size());
        for (NetlinkMessage message : messages) {
            try {
                LoggedPacket.decode(message).ifPresent(packets::add);
            } catch (NetlinkFormatException e) {
                // One that cannot be read must not hide the others; it is a sample anyway.
                lost++;
            }
        }
        return packets;
    }

    /** How often something was lost: packets that came too fast, or could not be read. */
    public long lost() {
        return lost;
    }

    @Override
    public void close() {
        socket.close();
    }
}
