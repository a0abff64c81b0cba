package dev.weft.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessTreeTest {
    @Test
    void addsUpTimesOfAProcessAndItsEndedChildren() {
        String stat = "42 (a (b) c) S 1 42 42 0 -1 4194304 100 0 0 0 100 20 3 400 20 0 1 0 1000 0 0";
        assertThat(ProcessTree.cpuSeconds(stat)).isEqualTo(5.23);
    }

    @Test
    void readsTheProportionalSetSize() {
        String smaps = """
                00400000-7ffd5f5fe000 ---p 00000000 00:00 0    [rollup]
                Rss:              200000 kB
                Pss:              125000 kB
                Pss_Dirty:          1000 kB
                """;
        assertThat(ProcessTree.megabytes(smaps)).isEqualTo(128.0);
    }

    @Test
    void knowsThisProcess() {
        ProcessTree self = new ProcessTree("test", ProcessHandle.current());
        assertThat(self.megabytes()).isPositive();
        assertThat(self.cpuSeconds()).isPositive();
    }
}
