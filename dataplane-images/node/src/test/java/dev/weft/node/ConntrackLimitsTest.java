package dev.weft.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.cni.routes.SavedSysctls;
import dev.weft.cni.routes.Sysctls;
import dev.weft.linux.Netns;
import dev.weft.testkit.NetworkNamespaces;
import dev.weft.testkit.TestNetns;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NetworkNamespaces.class)
class ConntrackLimitsTest {
    private static final String MAX = "net/netfilter/nf_conntrack_max";

    @TempDir
    Path folder;

    @Test
    void theMaximumGrowsWithTheCoresAndIsNeverLowered() {
        assertThat(ConntrackLimits.wanted(Map.of(MAX, "65536"), 2)).containsEntry(MAX, "131072");
        assertThat(ConntrackLimits.wanted(Map.of(MAX, "65536"), 8)).containsEntry(MAX, "262144");
        assertThat(ConntrackLimits.wanted(Map.of(MAX, "262144"), 2)).isEmpty();
        assertThat(ConntrackLimits.wanted(Map.of(), 2)).isEmpty();
    }

    @Test
    void coresAreThoseOfTheMachine() {
        assertThat(OnlineProcessors.count("0\n")).isEqualTo(1);
        assertThat(OnlineProcessors.count("0-3\n")).isEqualTo(4);
        assertThat(OnlineProcessors.count("0-1,4,6-7")).isEqualTo(5);
        for (String wrong : List.of("", "a", "3-1", "1,,2", "1-", "-1", "99999999999")) {
            assertThatThrownBy(() -> OnlineProcessors.count(wrong)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(OnlineProcessors.count()).isPositive();
    }

    @Test
    void whatWasChangedIsPutBack(TestNetns netns) throws IOException {
        String before = timeouts(netns);
        try (Netns open = Netns.open(netns.path())) {
            Sysctls sysctls = new Sysctls(open, SavedSysctls.open(folder.resolve("restore.json")));
            sysctls.write("net/ipv4/ip_forward", "1");
            ConntrackLimits limits = new ConntrackLimits(sysctls, 1);
            limits.ensure();
            assertThat(timeouts(netns)).contains("close_wait = 3600", "established = 86400");
            limits.ensure();
            assertThat(limits.restore()).hasSize(2);
            assertThat(timeouts(netns)).isEqualTo(before);
            assertThat(sysctls.isChanged("net/ipv4/ip_forward"))
                    .as("others stay")
                    .isTrue();
            assertThat(limits.restore()).isEmpty();
        }
    }

    private static String timeouts(TestNetns netns) {
        return netns.exec("sysctl", "-a", "-r", "nf_conntrack_tcp_timeout_(close_wait|established)");
    }
}
