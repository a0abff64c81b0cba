package dev.weft.cni.routes;

import dev.weft.net.Cidr;
import dev.weft.net.Ip;

/**
 * An address as an interface holds it.
 *
 * @param address the address, host bits and all
 * @param prefixLength length of the subnet that is on link through the interface
 */
public record InterfaceAddress(Ip address, int prefixLength) {

    /** An address whose prefix is only itself: /32 or /128. */
    public static InterfaceAddress host(Ip address) {
        return new InterfaceAddress(address, address.family().bits());
    }

    public Cidr subnet() {
        return Cidr.containing(address, prefixLength);
    }

    @Override
    public String toString() {
        return address + "/" + prefixLength;
    }
}
