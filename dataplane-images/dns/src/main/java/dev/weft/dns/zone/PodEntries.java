package dev.weft.dns.zone;

import dev.weft.dns.wire.DnsName;
import dev.weft.net.Ip;
import java.util.List;

/** Entries that are made when they are asked for. */
public final class PodEntries {
    private PodEntries() {}

    /** A name with one address. */
    public static byte[] of(DnsName name, Ip ip, int ttl) {
        ResourceRecord address = ResourceRecord.address(name, ttl, ip);
        return NameEntry.of(name, List.of(RecordSet.of(address.type(), List.of(address))));
    }
}
