package dev.weft.cni.routes;

import dev.weft.net.Ip;
import dev.weft.net.MacAddress;

/**
 * The device {@value #NAME}, which carries both families. It has no multicast group and learns nothing: where a packet
 * goes is said by one FDB entry a node.
 *
 * @param vni VXLAN network identifier
 * @param port UDP port, local and remote
 * @param local the node's address that tunnel packets bear; its family is that of the underlay
 * @param mac Ethernet address of this end
 * @param mtu bytes an inner IP packet may have
 * @param up whether it is administratively up
 * @param learning whether it fills its FDB from packets that come in; never wanted
 * @param txChecksum whether checksums of inner packets are left to the hardware; turned off where that hardware errs
 */
public record VxlanDevice(
        int vni, int port, Ip local, MacAddress mac, int mtu, boolean up, boolean learning, boolean txChecksum) {
    /** Name of the one device. */
    public static final String NAME = "weft-vxlan";

    /**
     * Whether a device can become the other while it carries traffic. The kernel does not change VNI, port and learning;
     * with another MAC it forgets all neighbours, permanent ones too ({@code neigh_changeaddr}).
     */
    boolean canBecome(VxlanDevice other) {
        return vni == other.vni
                && port == other.port
                && learning == other.learning
                && local.equals(other.local)
                && mac.equals(other.mac);
    }

    @Override
    public String toString() {
        return "device " + NAME + " vni " + vni + " port " + port + " local " + local + " mac " + mac + " mtu " + mtu
                + (up ? "" : " down") + (learning ? " learning" : "") + (txChecksum ? "" : " tx-checksum off");
    }
}
