package dev.weft.cni.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.linux.Netns;
import dev.weft.testkit.NetworkNamespaces;
import dev.weft.testkit.TestNetns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NetworkNamespaces.class)
class SysctlsKernelTest {
    @TempDir
    Path folder;

    @Test
    void theNodeIsAsBefore(TestNetns netns) throws IOException {
        netns.ip("link", "add", "eth0", "type", "veth", "peer", "name", "eth1");
        netns.exec("sysctl", "-qw", "net.ipv6.conf.eth1.forwarding=1", "net.ipv4.conf.all.accept_redirects=0");
        String before = netns.exec("sysctl", "-a", "-r", "^net\\.ipv[46]\\.(conf|ip_forward)");
        try (Netns open = Netns.open(netns.path())) {
            Sysctls sysctls = new Sysctls(open, SavedSysctls.open(folder.resolve("restore.json")));
            sysctls.write("net/ipv4/ip_forward", "1");
            sysctls.write("net/ipv6/conf/all/forwarding", "1");
            assertThat(netns.exec("sysctl", "-n", "net.ipv6.conf.eth0.forwarding"))
                    .isEqualTo("1\n");
            assertThat(sysctls.isChanged("net/ipv4/ip_forward")).isTrue();
        }
        try (Netns open = Netns.open(netns.path())) { // another process, later
            Sysctls sysctls = new Sysctls(open, SavedSysctls.open(folder.resolve("restore.json")));
            sysctls.write("net/ipv4/ip_forward", "1"); // does not take ours for the old value
            assertThat(sysctls.restore()).contains("net/ipv4/ip_forward = 0");
            assertThat(sysctls.restore()).as("twice").isEmpty();
        }
        assertThat(netns.exec("sysctl", "-a", "-r", "^net\\.ipv[46]\\.(conf|ip_forward)"))
                .isEqualTo(before);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aFileThatIsNotOursIsNotGuessedAt() throws IOException {
        Path file = Files.writeString(folder.resolve("restore.json"), "{\"a\":1}");
        assertThatThrownBy(() -> SavedSysctls.open(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not what Weft wrote");
        Files.writeString(file, "{\"sysctls\":{\"net/ipv4");
        assertThatThrownBy(() -> SavedSysctls.open(file)).isInstanceOf(IOException.class);
    }
}
