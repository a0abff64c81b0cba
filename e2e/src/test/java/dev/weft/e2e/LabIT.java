package dev.weft.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.weft.e2e.images.LabImages;
import dev.weft.e2e.lab.Lab;
import dev.weft.e2e.lab.LabName;
import dev.weft.e2e.lab.LabSpec;
import dev.weft.e2e.lab.NodeName;
import dev.weft.e2e.lab.Peer;
import dev.weft.e2e.process.Commands;
import dev.weft.e2e.process.Progress;
import dev.weft.e2e.programs.CacheRoot;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodIP;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The lab itself, with the reference plugins as its pod network: what the other tests stand on. */
class LabIT {
    /** The same for all runs of one checkout, so that each removes what an interrupted one left, and no other's. */
    private static final LabName NAME =
            new LabName("it-" + Integer.toHexString(Path.of("").toAbsolutePath().hashCode()));

    private static final NodeName FIRST = new NodeName(1);
    private static final NodeName SECOND = new NodeName(2);
    private static final NodeName THIRD = new NodeName(3);
    private static final int PORT = 8080;

    private final CacheRoot cache = CacheRoot.of(System.getenv());
    private final Progress progress = Progress.printing(System.out);
    private final Labs labs = new Labs(cache, progress);

    // One test, since a lab takes ten seconds to make and its states follow on each other.
    @Test
    void podsTalkNodesComeAndGoAndNothingStays() throws IOException {
        Lab.down(NAME, cache, progress);
        try (Lab lab = labs.up(new LabSpec(NAME, 2, Set.of(Peer.PTP), List.of()))) {
            start(lab, "a", FIRST);
            Pod b = start(lab, "b", SECOND);
            assertThat(b.getStatus().getPodIPs()).hasSize(2);
            assertReachable(lab, b);
            assertThat(Files.readString(lab.paths().auditLog()))
                    .contains("\"verb\":\"create\"")
                    .doesNotContain("\"verb\":\"list\"");

            progress.step("stopping the API server: pods go on");
            lab.stopApiServer();
            assertThat(lab.missingControlPlanePrograms()).containsExactly("kube-apiserver");
            assertReachable(lab, b);
            lab.startApiServer();
            assertThat(lab.missingControlPlanePrograms()).isEmpty();

            progress.step("adding a node and taking it away");
            labs.addNode(lab, THIRD);
            Pod c = start(lab, "c", THIRD);
            assertReachable(lab, c);
            lab.removeNode(THIRD);
            assertThat(lab.nodes()).extracting(node -> node.name()).containsExactly(FIRST, SECOND);

            progress.step("rebooting a node: its disk stays");
            lab.node(SECOND).write("/var/lib/kept", "kept");
            labs.reboot(lab, SECOND);
            assertThat(lab.node(SECOND).exec("cat", "/var/lib/kept")).isEqualTo("kept");
            assertThat(Files.exists(Path.of("/var/lib/kept"))).isFalse();
        } finally {
            Lab.down(NAME, cache, progress);
        }
        assertThat(Commands.run("ip", "netns", "list")).doesNotContain("weft." + NAME);
        assertThat(Commands.run("losetup", "--all")).doesNotContain("/" + NAME + "/");
        assertThat(Commands.run("sh", "-c", "ls /sys/fs/cgroup /sys/fs/cgroup/*"))
                .doesNotContain("weft." + NAME);
    }

    /** From pod a, as kubectl exec would, but without the API server. */
    private static void assertReachable(Lab lab, Pod target) {
        for (PodIP address : target.getStatus().getPodIPs()) {
            String ip = address.getIp();
            String server = (ip.contains(":") ? "[" + ip + "]" : ip) + ":" + PORT;
            String inPod = "nsenter --net --mount --target $(pidof -s agnhost) /agnhost connect --timeout=3s " + server;
            Awaitility.await(server)
                    .atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThatCode(() -> lab.node(FIRST).exec("sh", "-c", inPod))
                            .doesNotThrowAnyException());
        }
    }

    private static Pod start(Lab lab, String name, NodeName node) {
        Pod pod = new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("default")
                .endMetadata()
                .withNewSpec()
                .withNodeName(node.value())
                .withTerminationGracePeriodSeconds(0L)
                .addNewContainer()
                .withName("server")
                .withImage(LabImages.AGNHOST)
                .withArgs("netexec", "--http-port=" + PORT)
                .endContainer()
                .endSpec()
                .build();
        lab.client().resource(pod).serverSideApply();
        return lab.client().resource(pod).waitUntilReady(60, TimeUnit.SECONDS);
    }
}
