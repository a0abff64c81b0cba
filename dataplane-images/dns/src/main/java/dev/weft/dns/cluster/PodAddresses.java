package dev.weft.dns.cluster;

import dev.weft.kube.ObjectKey;
import dev.weft.net.Ip;
import java.util.List;

/** Where a Pod is reached. */
public record PodAddresses(ObjectKey key, List<Ip> ips) {
    public PodAddresses {
        ips = List.copyOf(ips);
    }
}
