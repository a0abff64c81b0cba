package dev.weft.cni.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weft.cni.protocol.Attachment;
import dev.weft.cni.protocol.Bandwidth;
import dev.weft.cni.protocol.CniError;
import dev.weft.cni.protocol.CniException;
import dev.weft.cni.protocol.CniRequest;
import dev.weft.cni.protocol.CniVersion;
import dev.weft.cni.protocol.PodName;
import dev.weft.cni.protocol.PreviousResult;
import dev.weft.cni.server.CniHandler.Outcome;
import dev.weft.net.Ip;
import dev.weft.nftables.FakeNftables;
import dev.weft.testkit.NetworkNamespaces;
import dev.weft.testkit.TestNetns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NetworkNamespaces.class)
class PodNetworkTest {
    private static final int COMING_AND_GOING = 60;

    @TempDir
    Path folder;

    private TestNetns node;
    private NodeFixture agent;

    @BeforeEach
    void start(TestNetns node) {
        this.node = node;
        agent = new NodeFixture(node, folder, new FakeNftables());
    }

    @AfterEach
    void stop() {
        agent.close();
    }

    private List<Path> leaseFiles() {
        try (var files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String hostLink(String id) {
        return NodeFixture.attachment(id).hostLink();
    }

    private static CniRequest check(Outcome added, String id) {
        return new CniRequest.Check(
                CniVersion.V1_1_0,
                NodeFixture.attachment(id),
                "/run/netns/x",
                PodName.UNKNOWN,
                new PreviousResult(List.of(hostLink(id), "eth0"), added.ips()));
    }

    @Test
    void addTwiceGivesTheSameAnswerAndDelTakesAllAway(TestNetns pod) throws CniException {
        Outcome first = agent.add("a", pod);
        Outcome second = agent.add("a", pod);

        assertThat(second).isEqualTo(first);
        assertThat(first.ips()).containsExactly(Ip.parse("10.244.1.2"), Ip.parse("fd00:244:1::2"));
        assertThat(first.result().orElseThrow().toJson(CniVersion.V1_1_0))
                .contains("\"address\":\"10.244.1.2/32\",\"gateway\":\"169.254.1.1\"", "\"mtu\":1450");
        assertThat(agent.handle(check(first, "a"), pod)).isEqualTo(new Outcome(Optional.empty(), first.ips()));
        assertThat(agent.network().pods()).isEqualTo(1);

        agent.del("a");
        agent.del("a");
        agent.del("never-seen");
        assertThat(agent.links().existing()).isEmpty();
        assertThat(leaseFiles()).isEmpty();
        assertThat(pod.ip("-o", "link")).doesNotContain("eth0");
    }

    @Test
    void checkComparesWithTheKernelAndWithPrevResult(TestNetns pod) throws CniException, IOException {
        Outcome added = agent.add("a", pod);
        node.ip("route", "del", "10.244.1.2");

        CniException changed = catchThrowableOfType(CniException.class, () -> agent.handle(check(added, "a"), pod));
        assertThat(changed.error()).isEqualTo(CniError.STATE_DIFFERS);
        assertThat(changed).hasMessage("route 10.244.1.2 dev " + hostLink("a") + " was missing");

        assertThat(agent.call(() -> agent.network().repair())).contains(changed.text());
        agent.handle(check(added, "a"), pod);

        Outcome other = new Outcome(Optional.empty(), List.of(Ip.parse("10.244.1.77")));
        assertThat(catchThrowableOfType(CniException.class, () -> agent.handle(check(other, "a"), pod)))
                .hasMessageContaining("address 10.244.1.2 is not in prevResult");
        assertThat(catchThrowableOfType(CniException.class, () -> agent.handle(check(added, "b"), pod))
                        .error())
                .isEqualTo(CniError.UNKNOWN_CONTAINER);
    }

    @Test
    void nothingIsRepairedWhilePodsComeAndGo(TestNetns pod) throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        try (ExecutorService repairs = Executors.newSingleThreadExecutor()) {
            Future<List<String>> repaired = repairs.submit(() -> {
                List<String> all = new ArrayList<>();
                while (!done.get()) {
                    all.addAll(agent.call(() -> agent.network().repair()));
                }
                return all;
            });
            for (int i = 0; i < COMING_AND_GOING; i++) {
                agent.add("p" + i, pod);
                agent.del("p" + i);
            }
            done.set(true);
            assertThat(repaired.get()).isEmpty();
        }
    }

    @Test
    void gcFreesAllButTheValid(TestNetns a, TestNetns b, TestNetns lost) throws Exception {
        agent.add("a", a);
        agent.add("b", b);
        agent.add("lost", lost);
        Files.delete(folder.resolve(hostLink("lost") + ".json"));
        agent.restart();

        CniRequest gc = new CniRequest.Gc(CniVersion.V1_1_0, Set.of(NodeFixture.attachment("a")));
        Outcome freed = agent.call(() -> agent.network().handle(gc, Optional.empty()));

        assertThat(freed.ips()).containsExactly(Ip.parse("10.244.1.3"), Ip.parse("fd00:244:1::3"));
        assertThat(agent.links().existing()).containsOnlyKeys(hostLink("a"));
        assertThat(leaseFiles()).containsExactly(folder.resolve(hostLink("a") + ".json"));
    }

    @Test
    void untilItIsConfiguredAddIsPutOffAndStatusFails(TestNetns pod) throws CniException {
        agent.network().refuse("the node's routes are not in place");

        CniException add = catchThrowableOfType(CniException.class, () -> agent.add("a", pod));
        assertThat(add.error()).isEqualTo(CniError.TRY_AGAIN_LATER);
        assertThat(add).hasMessage("the weft node agent is not ready: the node's routes are not in place");
        CniRequest status = new CniRequest.Status(CniVersion.V1_1_0);
        assertThat(catchThrowableOfType(
                                CniException.class, () -> agent.network().handle(status, Optional.empty()))
                        .error())
                .isEqualTo(CniError.NOT_AVAILABLE);

        agent.network().configure(new PodSettings(List.of(NodeFixture.V4), 1400));
        assertThat(agent.network().handle(status, Optional.empty())).isEqualTo(Outcome.NOTHING);
        assertThat(agent.add("a", pod).ips()).containsExactly(Ip.parse("10.244.1.2"));
    }

    @Test
    void theNodesOwnNamespaceIsRefused() {
        CniException failure = catchThrowableOfType(CniException.class, () -> agent.add("a", node));

        assertThat(failure.error()).isEqualTo(CniError.INVALID_ENVIRONMENT);
        assertThat(leaseFiles()).isEmpty();
    }

    @Test
    void aFailedAddLeavesNothing(TestNetns pod) {
        pod.ip("link", "add", "eth0", "type", "veth", "peer", "name", "other");

        CniException failure = catchThrowableOfType(CniException.class, () -> agent.add("a", pod));
        assertThat(failure.error()).isEqualTo(CniError.IO_FAILURE);
        assertThat(failure).hasMessageContaining("EEXIST");
        assertThat(agent.links().existing()).isEmpty();
        assertThat(leaseFiles()).isEmpty();
    }

    @Test
    void deathBetweenTheStepsOfAddIsMadeGoodByTheRepeat(TestNetns pod) throws CniException, IOException {
        Outcome added = agent.add("a", pod);

        // Died after the lease: the link is not there.
        agent.links().delete(hostLink("a"));
        assertThat(agent.add("a", pod)).isEqualTo(added);
        // Died in the middle of the link: the node's side lacks its routes.
        node.ip("route", "del", "10.244.1.2");
        pod.ip("link", "set", "eth0", "down");
        assertThat(agent.add("a", pod)).isEqualTo(added);
        assertThat(agent.call(() -> agent.network().repair())).isEmpty();
    }

    @Test
    void deathAndRestartLeakNoAddress(TestNetns a, TestNetns b) throws CniException {
        Outcome kept = agent.add("a", a);
        agent.add("b", b);
        // Died in DEL of b, after the link and before the lease, or in ADD before the link.
        agent.links().delete(hostLink("b"));
        agent.restart();

        assertThat(agent.network().pods()).isEqualTo(1);
        assertThat(agent.add("a", a)).isEqualTo(kept);
        assertThat(leaseFiles()).hasSize(1);
        assertThat(agent.add("b", b).ips()).doesNotContainAnyElementsOf(kept.ips());
    }

    @Test
    void lostLeaseFilesDoNotMakeAddressesDoubleAndRunningPodsStay(TestNetns a, TestNetns b) throws Exception {
        Outcome first = agent.add("a", a);
        Files.delete(folder.resolve(hostLink("a") + ".json"));
        agent.restart();

        assertThat(agent.links().existing()).containsKey(hostLink("a"));
        assertThat(agent.add("b", b).ips()).doesNotContainAnyElementsOf(first.ips());
        agent.del("a");
        assertThat(agent.links().existing()).doesNotContainKey(hostLink("a"));
    }

    @Test
    void manyAtOnceGetAddressesOfTheirOwn(TestNetns p1, TestNetns p2, TestNetns p3, TestNetns p4) throws Exception {
        List<TestNetns> pods = List.of(p1, p2, p3, p4);
        List<Callable<Outcome>> adds = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            int number = i;
            adds.add(() -> {
                TestNetns pod = pods.get(number % pods.size());
                return addAs(number, pod);
            });
        }
        Set<Ip> seen = new HashSet<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(20)) {
            for (Future<Outcome> outcome : threads.invokeAll(adds)) {
                assertThat(seen.addAll(outcome.get().ips())).isTrue();
            }
        }
        assertThat(seen).hasSize(80);
        assertThat(agent.links().existing()).hasSize(40);
        assertThat(agent.call(() -> agent.network().repair())).isEmpty();
    }

    private Outcome addAs(int number, TestNetns pod) throws CniException {
        return agent.handle(
                new CniRequest.Add(
                        CniVersion.V1_0_0,
                        new Attachment("c" + number, "net" + number),
                        pod.path().toString(),
                        PodName.UNKNOWN,
                        "",
                        List.of(),
                        Bandwidth.UNLIMITED),
                pod);
    }
}
