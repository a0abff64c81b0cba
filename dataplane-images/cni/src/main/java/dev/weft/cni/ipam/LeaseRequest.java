package dev.weft.cni.ipam;

import dev.weft.cni.protocol.Attachment;
import dev.weft.cni.protocol.Bandwidth;
import dev.weft.cni.protocol.PodName;
import dev.weft.cni.protocol.PortMapping;
import java.util.List;

/**
 * A lease before it has addresses; see {@link Lease} for the fields.
 *
 * @param mtu of the pod link, in bytes
 */
public record LeaseRequest(
        Attachment attachment, PodName pod, int mtu, long netnsInode, List<PortMapping> ports, Bandwidth bandwidth) {
    public LeaseRequest {
        ports = List.copyOf(ports);
    }
}
