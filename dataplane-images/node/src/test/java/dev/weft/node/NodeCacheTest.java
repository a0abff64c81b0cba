package dev.weft.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.cni.routes.Learned;
import dev.weft.cni.routes.NodeInfo;
import dev.weft.net.Cidr;
import dev.weft.net.Ip;
import dev.weft.testkit.Seeded;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NodeCacheTest {
    private static final NodeInfo A = new NodeInfo(
            "a",
            Instant.parse("2026-01-01T00:00:00Z"),
            List.of(Ip.parse("172.18.0.11"), Ip.parse("fd00:18::11")),
            List.of(Cidr.parse("10.244.1.0/24"), Cidr.parse("fd00:244:0:1::/64")));
    private static final NodeInfo B = new NodeInfo("b", Instant.EPOCH, List.of(), List.of());

    @Test
    void readsWhatItWrote() throws CacheFormatException {
        NodeCache cache = NodeCache.of(List.of(B, A), new Learned(Map.of("b", 1400), true));
        assertThat(NodeCache.parse(cache.json())).isEqualTo(cache);
        assertThat(cache.json())
                .isEqualTo(NodeCache.of(List.of(A, B), cache.learned()).json());
    }

    @Test
    void anotherFormatIsNone() {
        assertThatThrownBy(() -> NodeCache.parse("{\"version\":2}"))
                .isInstanceOf(CacheFormatException.class)
                .hasMessageContaining("version 2");
    }

    /** A file that a crash cut short, or that somebody edited, is a typed failure or a cache. */
    @Test
    void damagedTextDoesNoHarm() {
        String good = NodeCache.of(List.of(A, B), new Learned(Map.of("b", 1400), false))
                .json();
        Seeded.loop(3000, random -> {
            StringBuilder text = new StringBuilder(good);
            for (int i = random.nextInt(4); i >= 0 && !text.isEmpty(); i--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(3)) {
                    case 0 -> text.setCharAt(at, "{}[],:\"0a.".charAt(random.nextInt(10)));
                    case 1 -> text.deleteCharAt(at);
                    default -> text.setLength(Math.max(1, at));
                }
            }
            try {
                assertThat(NodeCache.parse(text.toString())).isNotNull();
            } catch (CacheFormatException e) {
                assertThat(e).hasMessageMatching("(?s)(version|not a cache).*");
            }
        });
    }
}
