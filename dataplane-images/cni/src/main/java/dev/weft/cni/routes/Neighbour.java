package dev.weft.cni.routes;

import dev.weft.net.Ip;
import dev.weft.net.MacAddress;

/**
 * A permanent neighbour on {@link VxlanDevice#NAME}: nobody has to be asked for another node's MAC.
 *
 * @param address VTEP address of the other node
 * @param mac its VTEP's Ethernet address
 */
public record Neighbour(Ip address, MacAddress mac) {
    @Override
    public String toString() {
        return "neighbour " + address + " lladdr " + mac + " dev " + VxlanDevice.NAME;
    }
}
