package dev.weft.e2e.peers;

import dev.weft.e2e.images.LabImages;
import dev.weft.e2e.lab.Peer;
import dev.weft.e2e.programs.DebianPackages;
import dev.weft.e2e.programs.ProgramCache;
import java.util.List;
import java.util.Set;

/** The installers of peers. */
public final class Installers {
    private Installers() {}

    /** The installers of the peers, in the order in which they are to run: the pod network first. */
    public static List<Installer> of(
            Set<Peer> peers, LabImages images, DebianPackages packages, ProgramCache programs) {
        return peers.stream()
                .sorted((a, b) -> Boolean.compare(b.podNetwork(), a.podNetwork()))
                .map(peer -> of(peer, images, packages, programs))
                .toList();
    }

    private static Installer of(Peer peer, LabImages images, DebianPackages packages, ProgramCache programs) {
        return switch (peer) {
            case KUBE_PROXY -> new KubeProxy();
            case KUBE_ROUTER -> new KubeRouter(packages, programs);
            case COREDNS -> new CoreDns(images);
            case PTP -> new ReferenceChain(ReferenceChain.Link.PTP, packages);
            case BRIDGE -> new ReferenceChain(ReferenceChain.Link.BRIDGE, packages);
            case FLANNEL -> new Flannel(packages, programs);
        };
    }
}
