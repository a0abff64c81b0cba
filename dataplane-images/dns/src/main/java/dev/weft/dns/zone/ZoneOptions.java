package dev.weft.dns.zone;

import dev.weft.dns.wire.DnsName;
import dev.weft.kube.ObjectKey;

/**
 * How the cluster's zone is built.
 *
 * @param domain such as {@code cluster.local}
 * @param ttl seconds, 0 to 3600
 * @param dnsService the Service in front of the DNS servers, which the zone's NS record names
 */
public record ZoneOptions(DnsName domain, int ttl, PodsMode podsMode, ObjectKey dnsService) {
    public ZoneOptions {
        if (ttl < 0 || ttl > 3600) {
            throw new IllegalArgumentException("ttl " + ttl + " is not between 0 and 3600");
        }
        if (domain.labels() == 0) {
            throw new IllegalArgumentException("the root is no cluster domain");
        }
    }

    DnsName services() {
        return domain.child("svc");
    }

    DnsName pods() {
        return domain.child("pod");
    }

    DnsName service(ObjectKey key) {
        return services().child(key.namespace()).child(key.name());
    }
}
