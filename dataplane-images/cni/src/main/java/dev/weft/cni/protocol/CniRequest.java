package dev.weft.cni.protocol;

import java.util.List;
import java.util.Set;

/** What a container runtime asks. VERSION is not among them: the program the runtime executes answers that itself. */
public sealed interface CniRequest {
    /** Version that the answer must be in. */
    CniVersion version();

    /**
     * Connect a container.
     *
     * @param netns path of the network namespace as the runtime names it; the namespace itself comes as a descriptor
     * @param podUid of the Pod; empty when the runtime did not say
     */
    record Add(
            CniVersion version,
            Attachment attachment,
            String netns,
            PodName pod,
            String podUid,
            List<PortMapping> ports,
            Bandwidth bandwidth)
            implements CniRequest {
        public Add {
            ports = List.copyOf(ports);
        }
    }

    /** Remove what ADD made, as far as it is there. */
    record Del(CniVersion version, Attachment attachment, PodName pod) implements CniRequest {}

    /**
     * Verify that what ADD made is there.
     *
     * @param netns path of the network namespace
     * @param previous what ADD had answered, as the runtime kept it
     */
    record Check(CniVersion version, Attachment attachment, String netns, PodName pod, PreviousResult previous)
            implements CniRequest {}

    /** Remove everything that belongs to no valid attachment. */
    record Gc(CniVersion version, Set<Attachment> valid) implements CniRequest {
        public Gc {
            valid = Set.copyOf(valid);
        }
    }

    /** Can ADD be served? */
    record Status(CniVersion version) implements CniRequest {}
}
