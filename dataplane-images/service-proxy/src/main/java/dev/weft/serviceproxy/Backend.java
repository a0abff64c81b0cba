package dev.weft.serviceproxy;

import dev.weft.net.Ip;

/** Where a packet is sent in the end. */
record Backend(Ip address, int port) implements Comparable<Backend> {
    @Override
    public int compareTo(Backend other) {
        int byAddress = address.compareTo(other.address);
        return byAddress != 0 ? byAddress : Integer.compare(port, other.port);
    }

    @Override
    public String toString() {
        return address.toString().contains(":") ? "[" + address + "]:" + port : address + ":" + port;
    }
}
