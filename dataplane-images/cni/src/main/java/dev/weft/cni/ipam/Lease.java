package dev.weft.cni.ipam;

import dev.weft.cni.protocol.Attachment;
import dev.weft.cni.protocol.Bandwidth;
import dev.weft.cni.protocol.PodName;
import dev.weft.cni.protocol.PortMapping;
import dev.weft.net.Ip;
import java.time.Instant;
import java.util.List;

/**
 * What one pod interface holds, and all that CHECK, a repeated ADD and DEL need to know of it.
 *
 * @param attachment whose it is
 * @param pod name for logs
 * @param ips one address a family
 * @param mtu of the pod link, in bytes
 * @param netnsInode inode of the pod's network namespace
 * @param ports the node's ports that lead to the pod
 * @param bandwidth limits of the pod's traffic
 * @param createdAt when it was given, whole milliseconds
 * @param bootId the kernel's boot in which it was given ({@code /proc/sys/kernel/random/boot_id})
 */
public record Lease(
        Attachment attachment,
        PodName pod,
        List<Ip> ips,
        int mtu,
        long netnsInode,
        List<PortMapping> ports,
        Bandwidth bandwidth,
        Instant createdAt,
        String bootId) {

    public Lease {
        ips = List.copyOf(ips);
        ports = List.copyOf(ports);
    }

    /** Name of the host's end of the pod link. */
    public String hostLink() {
        return attachment.hostLink();
    }
}
