package dev.weft.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnixServerTest {
    private static final Duration TIME = Duration.ofSeconds(10);

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void bytesAndADescriptorArrive(@TempDir Path folder) throws IOException {
        Path path = folder.resolve("s.sock");
        try (UnixServer server = UnixServer.listen(path);
                UnixConnection client = UnixConnection.connect(path);
                UnixConnection served = server.accept(TIME).orElseThrow();
                Netns netns = Netns.create();
                Fd passed = Fd.open(Path.of("/proc/self/fd/" + netns.fd()))) {
            client.send(bytes("hello, world"), passed, TIME);
            UnixConnection.Received received = served.receiveFully(5, TIME);
            assertThat(received.bytes()).asString().isEqualTo("hello");
            try (Netns came = Netns.of(received.fd().orElseThrow())) {
                assertThat(came.id()).isEqualTo(netns.id());
            }
            UnixConnection.Received rest = served.receive(100, TIME);
            assertThat(rest.bytes()).asString().isEqualTo(", world");
            assertThat(rest.fd()).isEmpty();

            served.send(bytes("answer"), TIME);
            assertThat(client.receive(100, TIME).bytes()).asString().isEqualTo("answer");
            UnixConnection.Peer peer = served.peer();
            assertThat(peer.pid()).isEqualTo((int) ProcessHandle.current().pid());
            assertThat(peer.uid()).isEqualTo(Files.getAttribute(path, "unix:uid"));
        }
    }

    @Test
    void onlyTheOwnerMayConnect(@TempDir Path folder) throws IOException {
        Path path = folder.resolve("s.sock");
        try (UnixServer server = UnixServer.listen(path)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(server.path())))
                    .isEqualTo("rw-------");
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aNewServerTakesThePathOver(@TempDir Path folder) throws IOException {
        Path path = folder.resolve("s.sock");
        Files.writeString(path, "left by a crash");
        UnixServer old = UnixServer.listen(path);
        try (UnixServer fresh = UnixServer.listen(path)) {
            old.close();
            try (UnixConnection client = UnixConnection.connect(path);
                    UnixConnection served = fresh.accept(TIME).orElseThrow()) {
                client.send(bytes("x"), TIME);
                assertThat(served.receive(10, TIME).bytes()).hasSize(1);
            }
        }
        assertThat(path).doesNotExist();
    }

    @Test
    void waitingEnds(@TempDir Path folder) {
        Path path = folder.resolve("s.sock");
        try (UnixServer server = UnixServer.listen(path)) {
            assertThat(server.accept(Duration.ofMillis(1))).isEmpty();
            try (UnixConnection client = UnixConnection.connect(path)) {
                assertThatThrownBy(() -> client.receive(1, Duration.ofMillis(1)))
                        .isInstanceOfSatisfying(
                                LinuxException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ETIMEDOUT));
            }
        }
        assertThatThrownBy(() -> UnixConnection.connect(path))
                .isInstanceOfSatisfying(
                        LinuxException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOENT));
    }

    @Test
    void theEndOfTheStreamIsSeen(@TempDir Path folder) {
        Path path = folder.resolve("s.sock");
        try (UnixServer server = UnixServer.listen(path)) {
            UnixConnection client = UnixConnection.connect(path);
            try (UnixConnection served = server.accept(TIME).orElseThrow()) {
                client.send(bytes("abc"), TIME);
                client.close();
                assertThatThrownBy(() -> served.receiveFully(10, TIME))
                        .isInstanceOf(LinuxException.class)
                        .hasMessageContaining("ended after 3");
                assertThat(served.receive(10, TIME).end()).isTrue();
                assertThatThrownBy(() -> served.send(bytes("abc"), TIME))
                        .isInstanceOfSatisfying(
                                LinuxException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EPIPE));
            }
        }
    }

    @Test
    void megabytesPass(@TempDir Path folder) throws Exception {
        Path path = folder.resolve("s.sock");
        byte[] large = new byte[3_000_000];
        large[2_999_999] = 7;
        try (UnixServer server = UnixServer.listen(path);
                UnixConnection client = UnixConnection.connect(path);
                UnixConnection served = server.accept(TIME).orElseThrow()) {
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> client.send(large, TIME));
            assertThat(served.receiveFully(large.length, TIME).bytes()).isEqualTo(large);
            sending.get();
        }
    }
}
