package dev.weft.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostFilesTest {
    @TempDir
    Path folder;

    private NodePaths paths;

    @BeforeEach
    void image() throws IOException {
        paths = testPaths(folder);
        Files.writeString(paths.shimImage(), "program");
    }

    static NodePaths testPaths(Path root) {
        return new NodePaths(
                root.resolve("node.json"),
                root.resolve("net.d"),
                root.resolve("bin"),
                root.resolve("state"),
                root.resolve("run"),
                root.resolve("weft-cni"));
    }

    @Test
    void bothFilesAreInstalled() throws IOException {
        assertThat(new HostFiles(paths).ensure()).isEmpty();
        assertThat(paths.shim()).hasContent("program");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(paths.shim())))
                .isEqualTo("rwxr-xr-x");
        assertThat(paths.conflist()).content().contains("\"type\": \"weft\"", "\"1.1.0\"");
        assertThat(folder.resolve("net.d")).isDirectoryContaining(file -> file.endsWith("10-weft.conflist"));
        try (var files = Files.list(folder.resolve("net.d"))) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void whatIsAsItShouldBeIsNotTouched() throws IOException {
        new HostFiles(paths).ensure();
        Object before = Files.getAttribute(paths.shim(), "unix:ino");
        new HostFiles(paths).ensure();
        assertThat(Files.getAttribute(paths.shim(), "unix:ino")).isEqualTo(before);
    }

    @Test
    void whatOthersChangeComesBackAndIsNamed() throws IOException {
        HostFiles files = new HostFiles(paths);
        files.ensure();
        Files.delete(paths.conflist());
        Files.writeString(paths.shim(), "other");
        assertThat(files.ensure())
                .containsExactly(paths.shim() + " had another content", paths.conflist() + " was missing");
        assertThat(files.ensure()).isEmpty();
        Files.setPosixFilePermissions(paths.shim(), PosixFilePermissions.fromString("rw-------"));
        assertThat(files.ensure()).containsExactly(paths.shim() + " had other permissions");
        assertThat(paths.shim()).hasContent("program").isExecutable();
    }

    @Test
    void aHostWithoutLoopbackPluginGetsOneAndLosesItAgain() throws IOException {
        HostFiles files = new HostFiles(paths);
        files.ensure();
        assertThat(paths.loopback()).isSymbolicLink().hasContent("program");
        Files.delete(paths.loopback());
        assertThat(files.ensure()).containsExactly(paths.loopback() + " was missing");
        assertThat(new LoopbackPlugin(paths.loopback(), paths.shim()).remove()).isTrue();
        assertThat(paths.loopback()).doesNotExist();
    }

    @Test
    void theHostsOwnLoopbackPluginStays() throws IOException {
        Files.createDirectories(paths.cniBin());
        Files.writeString(paths.loopback(), "reference");
        new HostFiles(paths).ensure();
        assertThat(new LoopbackPlugin(paths.loopback(), paths.shim()).remove()).isFalse();
        assertThat(paths.loopback()).hasContent("reference");
    }

    @Test
    void anOlderAgentsFilesAreReplacedWithoutComplaint() throws IOException {
        Files.createDirectories(paths.cniBin());
        Files.writeString(paths.shim(), "older");
        assertThat(new HostFiles(paths).ensure()).isEmpty();
        assertThat(paths.shim()).hasContent("program");
    }

    @Test
    void changesAreSeenAtOnce() throws Exception {
        new HostFiles(paths).ensure();
        LinkedBlockingQueue<String> seen = new LinkedBlockingQueue<>();
        try (FolderWatch watch = FolderWatch.start(Set.of(paths.shim(), paths.conflist()), seen::add)) {
            Files.writeString(paths.cniConfig().resolve("99-other.conf"), "{}");
            Files.delete(paths.conflist());
            assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo("10-weft.conflist");
            assertThat(watch).isNotNull();
        }
        assertThat(List.copyOf(seen)).doesNotContain("99-other.conf");
    }
}
