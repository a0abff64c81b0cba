package dev.weft.networkpolicy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.nftables.Diff;
import dev.weft.nftables.FakeNftables;
import dev.weft.nftables.Ruleset;
import dev.weft.testkit.Seeded;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** However a state came about, the kernel has what it would have if it had been programmed from scratch. */
class DeltaLawTest {
    @Test
    void deltas_lead_where_a_fresh_start_leads() {
        Seeded.loop(60, random -> {
            boolean isolatesUnknown = random.nextBoolean();
            FakeNftables kernel = new FakeNftables();
            kernel.commit(Diff.between(Optional.empty(), Layout.base()));
            Model model = new Model(Samples.NODE, isolatesUnknown);
            RandomWorld cluster = new RandomWorld(random);
            for (int step = 0; step < 60; step++) {
                for (int n = random.nextInt(4); n >= 0; n--) {
                    cluster.step();
                }
                model.apply(cluster.world.changes());
                kernel.commit(model.mirror().drain());
                Ruleset now = model.mirror().ruleset();
                assertThat(kernel.read(Layout.TABLE)).as("step %d", step).contains(now);
                if (step % 10 == 9) {
                    letGoOfTheForgotten(cluster.world);
                    model.apply(cluster.world.changes());
                    kernel.commit(model.mirror().drain());
                    assertThat(kernel.read(Layout.TABLE))
                            .as("step %d", step)
                            .contains(fresh(cluster.world, isolatesUnknown));
                }
            }
        });
    }

    private static Ruleset fresh(World world, boolean isolatesUnknown) {
        Model fresh = new Model(Samples.NODE, isolatesUnknown);
        fresh.apply(world.all());
        return fresh.mirror().ruleset();
    }

    /** A process that starts cannot know of pods that are gone from the API and not yet from the node. */
    private static void letGoOfTheForgotten(World world) {
        world.leases.keySet().stream()
                .filter(key -> !world.pods.containsKey(key))
                .toList()
                .forEach(world::release);
    }
}
