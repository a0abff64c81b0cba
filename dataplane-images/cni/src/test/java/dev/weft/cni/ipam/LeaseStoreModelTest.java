package dev.weft.cni.ipam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.cni.protocol.Attachment;
import dev.weft.cni.protocol.Bandwidth;
import dev.weft.cni.protocol.PodName;
import dev.weft.net.Cidr;
import dev.weft.net.Ip;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Seeded walks of ADD, DEL and restarts, with the process dying at any step. Pod links stand for what the kernel keeps
 * over a death: an address on a link is in use, whatever the files say.
 */
class LeaseStoreModelTest {
    private static final Duration QUIET = Duration.ofSeconds(30);
    private static final Cidr V4 = Cidr.parse("10.244.1.0/27");
    private static final Cidr V6 = Cidr.parse("fd00::/64");

    @TempDir
    Path folder;

    /** The process dies here. */
    private static final class Death extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** Dies before, in the middle of or after the n-th step from now. */
    private static final class Mortal implements FileSteps {
        private final Random random;
        private int stepsLeft = Integer.MAX_VALUE;

        Mortal(Random random) {
            this.random = random;
        }

        void dieWithin(int steps) {
            stepsLeft = random.nextInt(steps);
        }

        void live() {
            stepsLeft = Integer.MAX_VALUE;
        }

        @Override
        public void write(Path file, byte[] content) throws IOException {
            if (stepsLeft == 0) {
                REAL.write(file, Arrays.copyOf(content, random.nextInt(content.length + 1)));
                throw new Death();
            }
            stepsLeft--;
            REAL.write(file, content);
        }

        @Override
        public void move(Path from, Path to) throws IOException {
            around(() -> REAL.move(from, to));
        }

        @Override
        public void delete(Path file) throws IOException {
            around(() -> REAL.delete(file));
        }

        private void around(Step step) throws IOException {
            boolean dies = stepsLeft-- == 0;
            if (dies && random.nextBoolean()) {
                throw new Death();
            }
            step.run();
            if (dies) {
                throw new Death();
            }
        }

        private interface Step {
            void run() throws IOException;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void noAddressIsGivenTwiceAndNoneIsLost(long seed) throws Exception {
        Random random = new Random(seed);
        Mortal steps = new Mortal(random);
        Instant[] now = {Instant.parse("2026-01-01T00:00:00Z")};
        Map<Attachment, List<Ip>> links = new HashMap<>();
        Map<Ip, Instant> released = new HashMap<>();
        LeaseStore store = reopen(steps, now, links);

        for (int round = 0; round < 600; round++) {
            now[0] = now[0].plusMillis(random.nextInt(4000));
            Attachment pod = new Attachment("c" + random.nextInt(40), "eth0");
            if (random.nextInt(4) == 0) {
                steps.dieWithin(4);
            }
            try {
                if (random.nextInt(5) == 0) {
                    links.remove(pod);
                    List<Ip> ips = store.find(pod).map(Lease::ips).orElse(List.of());
                    store.release(pod.hostLink());
                    ips.forEach(ip -> released.put(ip, now[0]));
                } else if (random.nextInt(10) == 0) {
                    store.sweep();
                } else if (store.find(pod).isEmpty()) {
                    List<Ip> ips = add(store, pod);
                    for (Ip ip : ips) {
                        assertThat(released.getOrDefault(ip, Instant.EPOCH))
                                .isBeforeOrEqualTo(now[0].minus(LeaseStore.LEAST_QUIET));
                    }
                    if (!ips.isEmpty() && random.nextInt(10) > 0) {
                        links.put(pod, ips);
                    } else if (!ips.isEmpty()) {
                        store = reopen(steps, now, links); // died between the lease and the link
                        ips.forEach(ip -> released.put(ip, now[0]));
                    }
                }
            } catch (Death death) {
                steps.live();
                store = reopen(steps, now, links);
            }
            steps.live();
            Set<Ip> inUse = new HashSet<>();
            links.values()
                    .forEach(ips -> ips.forEach(ip -> assertThat(inUse.add(ip)).isTrue()));
            for (Map.Entry<Attachment, List<Ip>> link : links.entrySet()) {
                assertThat(store.find(link.getKey()).map(Lease::ips)).contains(link.getValue());
            }
        }

        store = reopen(steps, now, Map.of());
        now[0] = now[0].plus(QUIET);
        for (long pod = 0; pod < new AddressRange(V4).count(); pod++) {
            assertThat(add(store, new Attachment("last" + pod, "eth0"))).isNotEmpty();
        }
        assertThat(add(store, new Attachment("full", "eth0"))).isEmpty();
    }

    private LeaseStore reopen(FileSteps steps, Instant[] now, Map<Attachment, List<Ip>> links) throws IOException {
        LeaseStore store = LeaseStore.open(folder, steps, "boot", QUIET, () -> now[0]);
        store.setRanges(List.of(V4, V6));
        Set<String> names = new HashSet<>();
        links.keySet().forEach(pod -> names.add(pod.hostLink()));
        store.retain(names);
        return store;
    }

    private static List<Ip> add(LeaseStore store, Attachment pod) throws IOException {
        try {
            return store.acquire(new LeaseRequest(pod, PodName.UNKNOWN, 1450, 1, List.of(), Bandwidth.UNLIMITED))
                    .ips();
        } catch (NoAddressException e) {
            return List.of();
        }
    }
}
