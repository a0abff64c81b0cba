package dev.weft.e2e;

import dev.weft.e2e.images.LabImages;
import dev.weft.e2e.lab.Lab;
import dev.weft.e2e.lab.LabSpec;
import dev.weft.e2e.lab.NodeName;
import dev.weft.e2e.peers.Installer;
import dev.weft.e2e.peers.Installers;
import dev.weft.e2e.process.Progress;
import dev.weft.e2e.programs.CacheRoot;
import dev.weft.e2e.programs.DebianPackages;
import dev.weft.e2e.programs.ProgramCache;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Makes labs with their peers installed. */
public final class Labs {
    private final CacheRoot cache;
    private final Progress progress;
    private final ProgramCache programs;
    private final LabImages images;
    private final DebianPackages packages;

    public Labs(CacheRoot cache, Progress progress) {
        this.cache = cache;
        this.progress = progress;
        this.programs = new ProgramCache(cache, progress);
        this.images = new LabImages(cache, programs);
        this.packages = new DebianPackages(progress);
    }

    /**
     * Makes a lab with the peers of its description. Nodes are registered; they are ready once a pod network runs.
     *
     * @throws dev.weft.e2e.lab.LabException if it does not come up; what there is of it stays, for a look at it
     */
    public Lab up(LabSpec spec) {
        List<Installer> installers = Installers.of(spec.peers(), images, packages, programs);
        installers.forEach(Installer::prepare);
        List<Path> archives = new ArrayList<>(spec.archives());
        installers.forEach(installer -> archives.addAll(installer.images()));
        Lab lab = Lab.up(new LabSpec(spec.name(), spec.nodes(), spec.peers(), archives), cache, progress);
        for (Installer installer : installers) {
            lab.nodes().forEach(node -> installer.onNode(lab, node));
            installer.onCluster(lab);
        }
        return lab;
    }

    /** Adds a node, with the parts of the lab's peers that run on nodes. */
    public void addNode(Lab lab, NodeName name) {
        lab.addNode(name);
        installOnNode(lab, name);
    }

    /** Ends a node at once and starts it again with the same disk, and the lab's peers on it. */
    public void reboot(Lab lab, NodeName name) {
        lab.reboot(name);
        installOnNode(lab, name);
    }

    private void installOnNode(Lab lab, NodeName name) {
        Installers.of(lab.spec().peers(), images, packages, programs)
                .forEach(installer -> installer.onNode(lab, lab.node(name)));
    }
}
