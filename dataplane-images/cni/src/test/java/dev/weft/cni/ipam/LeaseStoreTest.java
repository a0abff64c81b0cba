package dev.weft.cni.ipam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.cni.protocol.Attachment;
import dev.weft.cni.protocol.Bandwidth;
import dev.weft.cni.protocol.PodName;
import dev.weft.cni.protocol.PortMapping;
import dev.weft.net.Cidr;
import dev.weft.net.Ip;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeaseStoreTest {
    private static final Duration QUIET = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    private LeaseStore open(String bootId) throws IOException {
        return LeaseStore.open(folder, FileSteps.REAL, bootId, QUIET, () -> now);
    }

    private LeaseStore open(Cidr... ranges) throws IOException {
        LeaseStore store = open("boot-1");
        store.setRanges(List.of(ranges));
        return store;
    }

    private static Attachment pod(int number) {
        return new Attachment("c" + number, "eth0");
    }

    private static LeaseRequest request(Attachment attachment) {
        return new LeaseRequest(
                attachment,
                new PodName("shop", "cart-" + attachment.containerId()),
                1450,
                4026531840L,
                List.of(new PortMapping(PortMapping.Protocol.SCTP, Optional.of(Ip.parse("::")), 8080, 80)),
                new Bandwidth(8, 9, 10, 11));
    }

    private static Lease acquire(LeaseStore store, int pod) throws Exception {
        return store.acquire(request(pod(pod)));
    }

    @Test
    void aLeaseHoldsOneAddressAFamilyAndSurvivesARestart() throws Exception {
        Cidr v4 = Cidr.parse("10.244.1.0/24");
        Cidr v6 = Cidr.parse("fd00:244:1::/64");
        Lease lease = acquire(open(v4, v6), 1);

        assertThat(lease.ips()).containsExactly(Ip.parse("10.244.1.2"), Ip.parse("fd00:244:1::2"));
        LeaseStore again = open(v4, v6);
        assertThat(again.find(pod(1))).contains(lease);
        assertThat(again.leases()).containsExactly(lease);
        assertThat(acquire(again, 2).ips()).containsExactly(Ip.parse("10.244.1.3"), Ip.parse("fd00:244:1::3"));
    }

    @Test
    void aFullRangeIsAClearError() throws Exception {
        LeaseStore store = open(Cidr.parse("10.244.1.0/29"));
        for (int pod = 0; pod < 5; pod++) {
            acquire(store, pod);
        }

        assertThatThrownBy(() -> acquire(store, 9))
                .isInstanceOf(NoAddressException.class)
                .hasMessage("no free address in 10.244.1.0/29: 5 of 5 in use;"
                        + " this node needs fewer pods or a larger podCIDR");
    }

    @Test
    void whenOneFamilyIsFullNothingIsTakenFromTheOther() throws Exception {
        LeaseStore store = open(Cidr.parse("10.244.1.0/24"), Cidr.parse("fd00::/127"));
        assertThatThrownBy(() -> acquire(store, 1)).isInstanceOf(NoAddressException.class);

        store.setRanges(List.of(Cidr.parse("10.244.1.0/24")));
        assertThat(acquire(store, 1).ips()).containsExactly(Ip.parse("10.244.1.2"));
    }

    @Test
    void aReleasedAddressRestsAcrossARestartAndIsThenUsedAgain() throws Exception {
        Cidr range = Cidr.parse("10.244.1.0/30");
        LeaseStore store = open(range);
        acquire(store, 1);
        store.release(pod(1).hostLink());

        for (LeaseStore same : List.of(store, open(range))) {
            assertThatThrownBy(() -> acquire(same, 2))
                    .hasMessage("no free address in 10.244.1.0/30: 0 of 1 in use,"
                            + " 1 rest for 2 s after their pods went");
        }
        now = now.plus(QUIET);
        LeaseStore later = open(range);
        assertThat(acquire(later, 2).ips()).containsExactly(Ip.parse("10.244.1.2"));
        later.sweep();
        try (var files = Files.list(folder.resolve("resting"))) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void whenARangeRunsOutTheAddressThatRestsForLongestIsTaken() throws Exception {
        LeaseStore store = open(Cidr.parse("10.244.1.0/29"), Cidr.parse("fd00::/64"));
        for (int pod = 0; pod < 5; pod++) {
            acquire(store, pod);
        }
        for (int pod : List.of(3, 1)) {
            now = now.plusSeconds(1);
            store.release(pod(pod).hostLink());
        }
        now = now.plus(LeaseStore.LEAST_QUIET).minusSeconds(1);

        assertThat(acquire(store, 6).ips()).containsExactly(Ip.parse("10.244.1.5"), Ip.parse("fd00::7"));
        assertThatThrownBy(() -> acquire(store, 7)).isInstanceOf(NoAddressException.class);
        now = now.plusSeconds(1);
        assertThat(acquire(open(Cidr.parse("10.244.1.0/29")), 7).ips()).containsExactly(Ip.parse("10.244.1.3"));
    }

    @Test
    void leasesOfAnotherBootAreDropped() throws Exception {
        acquire(open(Cidr.parse("10.244.1.0/24")), 1);

        LeaseStore rebooted = open("boot-2");
        assertThat(rebooted.leases()).isEmpty();
        assertThat(rebooted.startNotes())
                .containsExactly("dropped the lease of shop/cart-c1 ([10.244.1.2]): the node rebooted");
        try (var files = Files.walk(folder)) {
            assertThat(files.filter(Files::isRegularFile)).isEmpty();
        }
    }

    @Test
    void leasesWithoutTheirLinkAreReleased() throws Exception {
        LeaseStore store = open(Cidr.parse("10.244.1.0/24"));
        acquire(store, 1);
        Lease gone = acquire(store, 2);

        assertThat(store.retain(Set.of(pod(1).hostLink()))).containsExactly(gone);
        assertThat(store.find(pod(2))).isEmpty();
        assertThat(store.find(pod(1))).isPresent();
    }

    @Test
    void addressesOfLinksWithoutLeaseAreNotGivenOut() throws Exception {
        LeaseStore store = open(Cidr.parse("10.244.1.0/30"));
        store.adopt(pod(1).hostLink(), List.of(Ip.parse("10.244.1.2")));
        assertThatThrownBy(() -> acquire(store, 2)).isInstanceOf(NoAddressException.class);

        store.release(pod(1).hostLink());
        assertThat(acquire(store, 2).ips()).containsExactly(Ip.parse("10.244.1.2"));
    }

    @Test
    void leasesOutsideOfANewRangeStayUntilTheyAreReleased() throws Exception {
        LeaseStore store = open(Cidr.parse("10.244.1.0/24"));
        Lease old = acquire(store, 1);

        store.setRanges(List.of(Cidr.parse("10.244.7.0/24")));

        assertThat(acquire(store, 2).ips()).containsExactly(Ip.parse("10.244.7.2"));
        assertThat(store.find(pod(1))).contains(old);
        store.release(old.hostLink());
        assertThat(store.find(pod(1))).isEmpty();
    }

    @Test
    void unreadableFilesAreRemovedAndReported() throws Exception {
        open(Cidr.parse("10.244.1.0/24"));
        Files.writeString(folder.resolve("weft0123456789a.json"), "{\"containerId\":");
        Files.writeString(folder.resolve("weft0123456789b.tmp"), "half");

        LeaseStore store = open("boot-1");
        assertThat(store.startNotes()).singleElement().asString().contains("weft0123456789a.json", "not JSON");
        try (var files = Files.walk(folder)) {
            assertThat(files.filter(Files::isRegularFile)).isEmpty();
        }
    }

    @Test
    void aFailedWriteTakesNothing() throws Exception {
        LeaseStore store = open(Cidr.parse("10.244.1.0/30"));
        Path blocker = folder.resolve(pod(1).hostLink() + ".json");
        Files.createDirectories(blocker.resolve("inside"));
        assertThatThrownBy(() -> acquire(store, 1)).isInstanceOf(IOException.class);
        Files.delete(blocker.resolve("inside"));
        Files.delete(blocker);

        LeaseStore reopened = open(Cidr.parse("10.244.1.0/30"));
        assertThat(acquire(reopened, 1).ips()).containsExactly(Ip.parse("10.244.1.2"));
    }

    @Test
    void threadsNeverGetTheSameAddress() throws Exception {
        LeaseStore store = open(Cidr.parse("10.244.0.0/22"), Cidr.parse("fd00::/64"));
        List<Callable<Lease>> adds = new ArrayList<>();
        for (int pod = 0; pod < 400; pod++) {
            int number = pod;
            adds.add(() -> acquire(store, number));
        }
        Set<Ip> seen = new HashSet<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
            for (Future<Lease> lease : threads.invokeAll(adds)) {
                assertThat(seen.addAll(lease.get().ips())).isTrue();
            }
        }
        assertThat(seen).hasSize(800);
    }
}
