package dev.weft.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.testkit.NetworkNamespaces;
import dev.weft.testkit.TestNetns;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NetworkNamespaces.class)
class SysctlTest {
    @Test
    void aParameterIsTheNamespacesOwn(TestNetns test, TestNetns other) {
        test.ip("link", "add", "v0", "type", "veth", "peer", "name", "v1");
        try (Netns netns = Netns.open(test.path());
                Netns untouched = Netns.open(other.path())) {
            Sysctl.write(netns, Map.of("net.ipv4.conf.v0.route_localnet", "1", "net.ipv4.ip_forward", "1"));
            assertThat(Sysctl.read(netns, "net.ipv4.conf.v0.route_localnet")).isEqualTo("1");
            assertThat(Sysctl.read(netns, "net.ipv4.ip_forward")).isEqualTo("1");
            Sysctl.write(untouched, "net.ipv4.ip_forward", "0");
            assertThat(Sysctl.read(netns, "net.ipv4.ip_forward")).isEqualTo("1");
            assertThat(Sysctl.read(untouched, "net.ipv4.ip_forward")).isEqualTo("0");
        }
    }

    @Test
    void refusalsAreTyped(TestNetns test) {
        try (Netns netns = Netns.open(test.path())) {
            assertThatThrownBy(() -> Sysctl.read(netns, "net.ipv4.conf.absent.route_localnet"))
                    .isInstanceOfSatisfying(
                            LinuxException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOENT));
            assertThatThrownBy(() -> Sysctl.write(netns, "net.ipv4.ip_forward", "no"))
                    .isInstanceOfSatisfying(
                            LinuxException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EINVAL));
        }
    }

    @Test
    void namesBecomePaths() {
        assertThat(Sysctl.path("net.ipv4.ip_forward")).isEqualTo(Path.of("/proc/sys/net/ipv4/ip_forward"));
        assertThat(Sysctl.path("net/ipv4/conf/eth0.100/rp_filter"))
                .isEqualTo(Path.of("/proc/sys/net/ipv4/conf/eth0.100/rp_filter"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/etc/passwd", "net/../../etc", "net/ipv4/../x"})
    void namesStayInTheirTree(String name) {
        assertThatThrownBy(() -> Sysctl.path(name)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theBootHasAnIdentity() {
        assertThat(Sysctl.bootId()).matches("[0-9a-f-]{36}").isEqualTo(Sysctl.bootId());
    }

    @Test
    void checksumsAreTurnedOff(TestNetns test) {
        test.ip("link", "add", "v0", "type", "veth", "peer", "name", "v1");
        try (Netns netns = Netns.open(test.path())) {
            boolean after = netns.call(() -> {
                assertThat(Ethtool.txChecksum("v0")).isTrue();
                Ethtool.txChecksum("v0", false);
                return Ethtool.txChecksum("v0");
            });
            assertThat(after).isFalse();
            assertThatThrownBy(() -> netns.call(() -> Ethtool.txChecksum("absent")))
                    .isInstanceOfSatisfying(
                            LinuxException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENODEV));
        }
    }
}
