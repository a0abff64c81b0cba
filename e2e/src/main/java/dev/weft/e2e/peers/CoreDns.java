package dev.weft.e2e.peers;

import dev.weft.e2e.images.LabImages;
import dev.weft.e2e.lab.Lab;
import dev.weft.e2e.lab.Node;
import java.nio.file.Path;
import java.util.List;

/** CoreDNS as a Deployment behind the cluster's DNS address. */
final class CoreDns implements Installer {
    private final LabImages images;

    CoreDns(LabImages images) {
        this.images = images;
    }

    @Override
    public void prepare() {
        images.coredns();
    }

    @Override
    public List<Path> images() {
        return List.of(images.coredns());
    }

    @Override
    public void onNode(Lab lab, Node node) {}

    @Override
    public void onCluster(Lab lab) {
        lab.apply(getClass(), "coredns.yaml");
    }
}
