package dev.weft.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessMemoryTest {
    @Test
    void processesAreAddedUp() {
        assertThat(ProcessMemory.megabytes("VmPeak: 9 kB\nVmRSS:\t  1000000 kB\nVmRSS:\t 500000 kB\n"))
                .isEqualTo(1536);
        assertThat(ProcessMemory.megabytes("")).isZero();
    }
}
