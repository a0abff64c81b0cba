package dev.weft.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.linux.NetlinkSocket.Protocol;
import dev.weft.testkit.NetworkNamespaces;
import dev.weft.testkit.TestNetns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NetworkNamespaces.class)
class NetnsTest {
    @Test
    void aBodyRunsInTheNamespaceAndItsThreadEnds(TestNetns test) {
        try (Netns netns = Netns.open(test.path());
                Netns own = Netns.current()) {
            FileId inside = netns.call(() -> FileId.of(Path.of("/proc/thread-self/ns/net")));
            assertThat(inside).isEqualTo(netns.id()).isEqualTo(FileId.of(test.path()));
            assertThat(FileId.of(Path.of("/proc/thread-self/ns/net")))
                    .isEqualTo(own.id())
                    .isNotEqualTo(inside);
        }
    }

    @Test
    void whatABodyThrowsArrives(TestNetns test) {
        try (Netns netns = Netns.open(test.path())) {
            assertThatThrownBy(() -> netns.call(() -> Files.readString(Path.of("/nothere"))))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void aFileThatIsNoNamespaceIsRefused(@TempDir Path folder) throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        try (Netns netns = Netns.open(file)) {
            assertThatThrownBy(() -> netns.call(() -> 1)).isInstanceOfSatisfying(LinuxException.class, e -> {
                assertThat(e.errno()).isEqualTo(Errno.EINVAL);
                assertThat(e.call()).isEqualTo("setns");
            });
        }
        assertThatThrownBy(() -> Netns.open(folder.resolve("nothere")))
                .isInstanceOfSatisfying(
                        LinuxException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOENT));
    }

    @Test
    void anAnonymousNamespaceIsNewAndEmpty() {
        try (Netns netns = Netns.create();
                Netns own = Netns.current();
                NetlinkSocket socket = NetlinkSocket.openIn(netns, Protocol.ROUTE)) {
            assertThat(netns.id()).isNotEqualTo(own.id());
            assertThat(socket.dump(new NetlinkWriter().zeros(16).message(18, 0)))
                    .hasSize(1);
        }
    }

    @Test
    void aNamedNamespaceLivesInItsFile(@TempDir Path folder) {
        Path path = folder.resolve("below/probe");
        FileId id;
        try (Netns netns = Netns.createAt(path)) {
            id = netns.id();
        }
        assertThat(FileId.of(path)).isEqualTo(id);
        assertThatThrownBy(() -> Netns.createAt(path))
                .isInstanceOfSatisfying(
                        LinuxException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EEXIST));
        assertThat(FileId.of(path)).isEqualTo(id);

        Netns.delete(path);
        assertThat(path).doesNotExist();
        Netns.delete(path);
    }
}
