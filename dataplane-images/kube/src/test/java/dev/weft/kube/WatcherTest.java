package dev.weft.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.kube.FakeApi.Fault;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WatcherTest {
    private static final List<Fault> FAULTS = List.of(Fault.values());

    private static final WatchOptions OPTIONS = new WatchOptions(
            WatchOptions.DEFAULT.backoff(),
            WatchOptions.DEFAULT.watchTimeout(),
            Duration.ofMillis(500),
            Duration.ofHours(3));

    private final ManualTime time = new ManualTime();
    private FakeApi api;
    private KubeClient client;
    private Watcher<Node> watcher;

    @BeforeEach
    void start() throws IOException {
        api = new FakeApi();
        client = new KubeClient(KubeConfig.anonymous(List.of(api.uri())), time);
        watcher = new Watcher<>(client, KindSpec.nodes(), OPTIONS, time, new Random(1));
    }

    @AfterEach
    void stop() {
        client.close();
        api.close();
    }

    @Test
    void listsThenFollows() throws KubeException {
        api.put("a", "10.244.0.0/24", true);
        api.put("b", "10.244.1.0/24", true);
        assertThat(watcher.store().snapshot().synced()).isFalse();
        assertThat(watcher.step()).isBetween(Duration.ofMillis(500), Duration.ofSeconds(1));
        assertThat(seen()).isEqualTo(api.state()).hasSize(2);
        assertThat(watcher.store().snapshot().synced()).isTrue();

        api.put("c", "10.244.2.0/24", false);
        api.delete("a");
        assertThat(watcher.step()).isLessThanOrEqualTo(Duration.ofSeconds(1));
        assertThat(seen()).isEqualTo(api.state()).containsOnlyKeys("b", "c");
        assertThat(lists()).isEqualTo(1);
    }

    @Test
    void readsPages() throws KubeException {
        for (int i = 0; i < 25; i++) {
            api.put("node-" + i, "10.244." + i + ".0/24", true);
        }
        api.pageSize(10);
        watcher.step();
        assertThat(seen()).isEqualTo(api.state()).hasSize(25);
        assertThat(lists()).isEqualTo(3);
        assertThat(api.requests().get(0).getQuery())
                .isEqualTo("limit=500&resourceVersion=0&resourceVersionMatch=NotOlderThan");
        assertThat(api.requests().get(1).getQuery()).startsWith("limit=500&continue=");
    }

    @Test
    void aHeartbeatIsNoChange() {
        api.put("a", "10.244.0.0/24", true);
        watcher.step();
        List<Change<Node>> changes = new ArrayList<>();
        watcher.store().onChange(changes::add);
        Snapshot<Node> before = watcher.store().snapshot();
        api.put("a", "10.244.0.0/24", true);
        watcher.step();
        assertThat(changes).isEmpty();
        assertThat(watcher.store().snapshot()).isSameAs(before);

        api.put("a", "10.244.0.0/24", false);
        watcher.step();
        assertThat(changes).hasSize(1);
        assertThat(before.get("a").orElseThrow().ready()).isTrue();
        assertThat(watcher.store().snapshot().get("a").orElseThrow().ready()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void eachFaultKeepsTheStateAndHeals(Fault fault) throws KubeException {
        api.put("a", "10.244.0.0/24", true);
        watcher.step();
        api.put("b", "10.244.1.0/24", true);
        api.faults(uri -> fault);
        for (int i = 0; i < 4; i++) {
            watcher.step();
            assertThat(seen()).containsKey("a");
        }
        api.faults(uri -> Fault.NONE);
        watcher.step();
        watcher.step();
        assertThat(seen()).isEqualTo(api.state()).hasSize(2);
        assertThat(watcher.status().failuresInARow()).isZero();
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void eachFaultFromTheStartHeals(Fault fault) throws KubeException {
        api.put("a", "10.244.0.0/24", true);
        api.faults(uri -> fault);
        watcher.step();
        watcher.step();
        api.faults(uri -> Fault.NONE);
        watcher.step();
        watcher.step();
        assertThat(seen()).isEqualTo(api.state()).hasSize(1);
    }

    @Test
    void keepsEverythingWhileTheServerIsAway() {
        api.put("a", "10.244.0.0/24", true);
        watcher.step();
        Snapshot<Node> before = watcher.store().snapshot();
        api.close();
        Duration last = Duration.ZERO;
        for (int i = 0; i < 12; i++) {
            last = watcher.step();
            assertThat(watcher.store().snapshot()).isSameAs(before);
        }
        assertThat(last).isBetween(Duration.ofSeconds(15), Duration.ofSeconds(30));
        assertThat(watcher.status().failuresInARow()).isEqualTo(12);
        assertThat(watcher.status().lastError()).contains("/api/v1/nodes");
    }

    @Test
    void forgottenHistoryIsListedAnewWithoutAGap() throws KubeException {
        api.put("a", "10.244.0.0/24", true);
        api.put("b", "10.244.1.0/24", true);
        watcher.step();
        List<Change<Node>> changes = new ArrayList<>();
        watcher.store().onChange(changes::add);
        api.delete("b");
        api.put("c", "10.244.2.0/24", true);
        api.compact();
        watcher.step();
        watcher.step();
        assertThat(seen()).isEqualTo(api.state()).containsOnlyKeys("a", "c");
        assertThat(changes).extracting(change -> change.key().name()).containsExactlyInAnyOrder("b", "c");
    }

    @Test
    void aClusterRestoredFromABackupIsSeenAfterTheNextList() throws KubeException {
        api.put("a", "10.244.0.0/24", true);
        watcher.step();
        api.restore(50);
        api.put("b", "10.244.1.0/24", true);
        time.pass(Duration.ofHours(4));
        watcher.step();
        watcher.step();
        assertThat(seen()).isEqualTo(api.state()).containsOnlyKeys("b");
    }

    @Test
    void aHeldWatchTellsAtOnceAndEndsWhenClosed() throws KubeException {
        api.hold();
        api.put("a", "10.244.0.0/24", true);
        try (Watcher<Node> held = new Watcher<>(client, KindSpec.nodes())) {
            held.start();
            await().until(() -> held.store().isSynced());
            api.put("b", "10.244.1.0/24", true);
            await().until(() -> held.store().size() == 2);
            assertThat(held.status().failures()).isZero();
        }
        assertThat(lists()).isEqualTo(1);
    }

    @Test
    void aConnectionThatDiesSilentlyIsFound() throws KubeException {
        api.hold();
        api.put("a", "10.244.0.0/24", true);
        watcher.step();
        assertThat(watcher.status().lastError()).contains("nothing came");
        assertThat(seen()).isEqualTo(api.state());
    }

    @Test
    void convergesThroughRandomFaults() throws KubeException {
        for (int seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            watcher = new Watcher<>(client, KindSpec.nodes(), OPTIONS, time, random);
            Set<String> neverDeleted = new HashSet<>();
            for (int step = 0; step < 25; step++) {
                mutate(random, neverDeleted);
                api.pageSize(random.nextBoolean() ? Integer.MAX_VALUE : 1 + random.nextInt(5));
                double share = random.nextDouble();
                api.faults(uri -> random.nextDouble() < share ? pick(random) : Fault.NONE);
                Set<String> kept = new HashSet<>(seen().keySet());
                kept.retainAll(neverDeleted);
                watcher.step();
                time.pass(Duration.ofMinutes(random.nextInt(60)));
                assertThat(seen().keySet()).as("seed %d step %d", seed, step).containsAll(kept);
            }
            api.faults(uri -> Fault.NONE);
            for (int i = 0; i < 3; i++) {
                watcher.step();
            }
            assertThat(seen()).as("seed %d", seed).isEqualTo(api.state());
        }
    }

    private void mutate(Random random, Set<String> neverDeleted) {
        int changes = random.nextInt(4);
        for (int i = 0; i < changes; i++) {
            String name = "n" + random.nextInt(12);
            if (random.nextInt(3) == 0) {
                api.delete(name);
                neverDeleted.remove(name);
            } else {
                api.put(name, "10.244." + random.nextInt(200) + ".0/24", random.nextBoolean());
                neverDeleted.add(name);
            }
        }
        if (random.nextInt(6) == 0) {
            api.compact();
        }
    }

    private static Fault pick(Random random) {
        return FAULTS.get(random.nextInt(FAULTS.size()));
    }

    private long lists() {
        return api.requests().stream()
                .map(URI::getQuery)
                .filter(query -> !query.contains("watch=1"))
                .count();
    }

    private Map<String, Node> seen() {
        Map<String, Node> byName = new HashMap<>();
        watcher.store().snapshot().objects().forEach((key, node) -> byName.put(key.name(), node));
        return byName;
    }
}
