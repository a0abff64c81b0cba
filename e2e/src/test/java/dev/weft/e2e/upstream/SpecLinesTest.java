package dev.weft.e2e.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpecLinesTest {
    @Test
    void tellsTheEndOfEachTestWithItsName() {
        List<String> told = new ArrayList<>();
        SpecLines specs = new SpecLines(told::add);
        """
        ------------------------------
        • [24.826 seconds]
        [sig-network] Networking should work
        k8s.io/kubernetes/test/e2e/common/network/networking.go:93

          STEP: Performing setup @ 11/23/26 18:57:00.123
        ------------------------------
        • [FAILED] [300.294 seconds]

        [sig-network] Networking [It] should not hang
        k8s.io/kubernetes/test/e2e/common/network/networking.go:140
        """.lines().forEach(specs::accept);
        assertThat(told)
                .containsExactly(
                        "1. passed in 24.826 s: [sig-network] Networking should work",
                        "2. FAILED in 300.294 s: [sig-network] Networking [It] should not hang");
    }
}
