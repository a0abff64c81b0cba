package dev.weft.e2e.lab;

import dev.weft.e2e.images.LabImages;
import dev.weft.e2e.process.Parallel;
import dev.weft.e2e.process.Progress;
import dev.weft.e2e.programs.CacheRoot;
import dev.weft.e2e.programs.DebianPackages;
import dev.weft.e2e.programs.ProgramCache;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A running lab: a Kubernetes cluster in namespaces of this machine.
 *
 * <p>{@link #up} makes one and {@link #down} removes it; {@link #open} takes one that another process made. Methods that
 * wait throw {@link LabException} after a minute, with the log to look at.
 */
public final class Lab implements AutoCloseable {
    private final LabSpec spec;
    private final LabPaths paths;
    private final LabPrograms programs;
    private final LabImages images;
    private final Network network;
    private final ControlPlane controlPlane;
    private final Progress progress;
    private final Cluster cluster;

    private Lab(LabSpec spec, CacheRoot cache, Progress progress) {
        ProgramCache built = new ProgramCache(cache, progress);
        this.spec = spec;
        this.paths = LabPaths.of(cache, spec.name());
        this.programs = LabPrograms.from(built);
        this.images = new LabImages(cache, built);
        this.progress = progress;
        this.network = new Network(spec.name());
        this.controlPlane = new ControlPlane(spec.name(), paths, programs);
        this.cluster = new Cluster(paths);
    }

    /**
     * Makes a lab whose nodes are registered and have their pod CIDRs. They become ready when they get a pod network.
     *
     * @throws LabException if there is a lab of the name, or it does not come up
     */
    public static Lab up(LabSpec spec, CacheRoot cache, Progress progress) {
        new DebianPackages(progress).require(DebianPackages.BASE);
        requireAbsent(spec.name());
        Lab lab = new Lab(spec, cache, progress);
        lab.start();
        return lab;
    }

    /**
     * A lab that is up.
     *
     * @throws LabException if there is none of the name
     */
    public static Lab open(LabName name, CacheRoot cache, Progress progress) {
        LabPaths paths = LabPaths.of(cache, name);
        if (!exists(name, cache)) {
            throw new LabException("there is no lab " + name + "; make one with: lab up --name " + name);
        }
        return new Lab(SpecFile.read(name, paths.run().resolve("lab.properties")), cache, progress);
    }

    /**
     * Checks that nothing of a lab of the name is there, not even parts of one.
     *
     * @throws LabException if there is
     */
    public static void requireAbsent(LabName name) {
        if (!Cleanup.namespaces(name).isEmpty()) {
            throw new LabException("there is a lab " + name
                    + " already, or another process makes it; remove it with: lab down --name " + name);
        }
    }

    /** Whether there is a lab of the name that came up. */
    public static boolean exists(LabName name, CacheRoot cache) {
        return name.controlPlane().exists()
                && Files.exists(LabPaths.of(cache, name).run().resolve("lab.properties"));
    }

    /** Removes everything of a lab but its logs, however far it came; does nothing if there is none. */
    public static void down(LabName name, CacheRoot cache, Progress progress) {
        new Cleanup(name, LabPaths.of(cache, name), progress).run();
    }

    /** What is left of a lab that was taken down, beside its logs, a sentence each; empty if all is gone. */
    public static List<String> leftovers(LabName name, CacheRoot cache) {
        return Leftovers.of(name, LabPaths.of(cache, name));
    }

    private void start() {
        new Cleanup(spec.name(), paths, progress).run();
        paths.create();
        SpecFile.write(paths.run().resolve("lab.properties"), spec);
        images.small();
        progress.step("starting the control plane and " + spec.nodes() + " nodes; logs are in " + paths.logs());
        network.createControlPlane();
        List<Node> nodes = IntStream.rangeClosed(1, spec.nodes())
                .mapToObj(i -> node(new NodeName(i)))
                .toList();
        List<Runnable> parts = new ArrayList<>();
        parts.add(this::startControlPlane);
        nodes.forEach(node -> parts.add(() -> startMachine(node)));
        Parallel.run(parts);
        progress.step("the API server answers; starting the kubelets");
        Parallel.run(nodes.stream().map(node -> (Runnable) () -> register(node)).toList());
        progress.step("all nodes are registered");
    }

    private void startControlPlane() {
        controlPlane.start();
        cluster.awaitApiServer();
        controlPlane.startControllers();
    }

    private void startMachine(Node node) {
        network.createNode(node.name());
        node.boot();
        node.load(images.small());
        node.load(spec.archives());
    }

    private void register(Node node) {
        node.startKubelet();
        network.routeToPods(node.name(), cluster.awaitPodCidrs(node.name()));
    }

    public LabSpec spec() {
        return spec;
    }

    public LabPaths paths() {
        return paths;
    }

    /** The control plane's network namespace; it has routes to nodes and pods. */
    public Netns controlPlaneNetns() {
        return spec.name().controlPlane();
    }

    /** A client with all rights, closed with the lab. */
    public KubernetesClient client() {
        return cluster.client();
    }

    /** The nodes that have a namespace, in order. */
    public List<Node> nodes() {
        String prefix = spec.name().controlPlane().name() + ".";
        return Netns.startingWith(prefix).stream()
                .map(n -> NodeName.parse(n.name().substring(prefix.length())))
                .sorted()
                .map(this::node)
                .toList();
    }

    /** A node by its name; it need not exist. */
    public Node node(NodeName name) {
        return new Node(spec.name(), name, paths, programs);
    }

    /** The pod CIDRs of a registered node, or none. */
    public List<String> podCidrs(NodeName name) {
        return cluster.podCidrs(name);
    }

    /** Sets routes on one node to another one's pods, for pod networks that have none of their own. */
    public void routeToPods(NodeName from, NodeName to, List<String> podCidrs) {
        network.routeToPods(from, to, podCidrs);
    }

    /** Lets a node forward packets, which the reference pod networks leave to the administrator. */
    public void enableForwarding(NodeName name) {
        network.enableForwarding(name);
    }

    /** Applies a manifest of the class's package, server-side. */
    public void apply(Class<?> owner, String manifest) {
        cluster.apply(owner, manifest);
    }

    /** Imports OCI archives into all nodes at the same time. */
    public void load(List<Path> archives) {
        Parallel.run(
                nodes().stream().map(n -> (Runnable) () -> n.load(archives)).toList());
    }

    /** Ends the API server at once, as a crash does. */
    public void stopApiServer() {
        controlPlane.stopApiServer();
    }

    /** Starts the API server and waits until it answers. */
    public void startApiServer() {
        controlPlane.startApiServer();
        cluster.awaitApiServer();
    }

    /** Programs of the control plane that should run and do not. */
    public List<String> missingControlPlanePrograms() {
        return controlPlane.missing();
    }

    /** Ends a node at once and starts it again with the same disk, as a power cut does. Waits for its kubelet's start. */
    public void reboot(NodeName name) {
        Node node = node(name);
        node.powerOff();
        network.deleteNode(name);
        network.createNode(name);
        node.boot();
        register(node);
    }

    /** Ends a node at once; {@link #reboot} starts it again. */
    public void powerOff(NodeName name) {
        node(name).powerOff();
    }

    /** Gives a node other addresses on the lab's segment, as a lease that is not renewed does; its kubelet restarts. */
    public void readdress(NodeName name, String ipv4, String ipv6) {
        Node node = node(name);
        node.kill("kubelet");
        network.readdress(name, ipv4, ipv6);
        node.startKubelet(ipv4 + "," + ipv6);
        network.routeToPods(cluster.awaitPodCidrs(name), ipv4, ipv6);
    }

    /** Ends a node at once and removes it from the cluster, with its disk. */
    public void removeNode(NodeName name) {
        node(name).powerOff();
        network.deleteNode(name);
        Cleanup.node(spec.name(), name, paths);
        cluster.deleteNode(name);
    }

    /** Adds a node, with the images that the lab began with; waits until it is registered. */
    public void addNode(NodeName name) {
        Node node = node(name);
        startMachine(node);
        register(node);
    }

    @Override
    public void close() {
        cluster.close();
    }
}
