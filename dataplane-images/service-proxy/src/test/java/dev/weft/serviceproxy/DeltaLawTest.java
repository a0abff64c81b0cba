package dev.weft.serviceproxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.net.Family;
import dev.weft.nftables.FakeNftables;
import dev.weft.testkit.Seeded;
import org.junit.jupiter.api.Test;

/** However a state came about, the kernel has what it would have if it had been programmed from scratch. */
class DeltaLawTest {
    @Test
    void deltas_lead_where_a_fresh_start_leads() {
        Seeded.loop(40, random -> {
            FakeNftables kernel = new FakeNftables();
            Proxies proxy = Proxies.over(kernel);
            proxy.resync();
            RandomCluster cluster = new RandomCluster(random);
            for (int step = 0; step < 50; step++) {
                cluster.step(proxy.pending);
                proxy.follow();
                for (FamilyProxy family : proxy.sync.families()) {
                    var layout = new Layout(family.family());
                    var scratch = new TableState(layout, RandomCluster.CONFIG, RandomCluster.SITE)
                            .load(proxy.sync.programmed());
                    assertThat(kernel.read(layout.table())).as("step %d", step).contains(scratch);
                }
            }
            int before = kernel.commits(Layout.table(Family.IPV4));
            proxy.resync();
            assertThat(kernel.commits(Layout.table(Family.IPV4)))
                    .as("a resync finds nothing to do")
                    .isEqualTo(before);
        });
    }

    @Test
    void a_new_process_takes_over_what_the_old_one_left() {
        Seeded.loop(10, random -> {
            FakeNftables kernel = new FakeNftables();
            Proxies old = Proxies.over(kernel);
            RandomCluster cluster = new RandomCluster(random);
            for (int step = 0; step < 20; step++) {
                cluster.step(old.pending);
            }
            old.resync();
            Proxies next = Proxies.over(kernel);
            old.sync.programmed().forEach(inputs -> next.put(inputs.service()));
            next.resync();
            assertThat(next.sync.programmed()).hasSameSizeAs(old.sync.programmed());
            cluster.step(next.pending);
            next.follow();
            for (FamilyProxy family : next.sync.families()) {
                assertThat(kernel.read(Layout.table(family.family())))
                        .contains(family.state().desired(next.sync.programmed()));
            }
        });
    }
}
