package dev.weft.cni.routes;

import dev.weft.net.Ip;
import dev.weft.net.MacAddress;

/**
 * A permanent forwarding entry of {@link VxlanDevice#NAME}.
 *
 * @param mac Ethernet address of another node's VTEP
 * @param node that node's address, where tunnel packets go
 */
public record FdbEntry(MacAddress mac, Ip node) {
    @Override
    public String toString() {
        return "fdb " + mac + " dst " + node + " dev " + VxlanDevice.NAME;
    }
}
