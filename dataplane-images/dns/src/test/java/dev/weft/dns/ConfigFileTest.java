package dev.weft.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.config.DnsConfig;
import dev.weft.config.DnsConfigJson;
import dev.weft.config.DnsStatus;
import dev.weft.net.Ip;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFileTest {
    @TempDir
    private Path folder;

    private static String text(int ttl) {
        return DnsConfigJson.write(new DnsConfig(
                List.of(URI.create("https://192.0.2.1")),
                "cluster.local",
                ttl,
                DnsConfig.PodsMode.DISABLED,
                "kube-system/kube-dns",
                List.of(Ip.parse("::")),
                53,
                List.of(),
                List.of(),
                List.of(),
                DnsConfig.Cache.DEFAULT,
                1,
                false,
                false));
    }

    @Test
    void whatMakesNoSenseIsToldAndNotTaken() throws IOException {
        Path file = folder.resolve("dns.json");
        Files.writeString(file, text(30));
        List<Integer> taken = new ArrayList<>();
        ConfigFile.Taker taker = config -> taken.add(config.ttl());
        try (ConfigFile config = new ConfigFile(file)) {
            String first = config.first().hash();
            assertThat(config.look(taker)).isEqualTo(new DnsStatus.Config(true, "", first));
            assertThat(taken).isEmpty();
            Files.writeString(file, text(30).replace("30", "-1"));
            DnsStatus.Config bad = config.look(taker);
            assertThat(bad.taken()).isFalse();
            assertThat(bad.message()).contains("ttl -1");
            assertThat(bad.hash()).isEqualTo(first);
            assertThat(config.look(taker)).as("as long as it is there").isEqualTo(bad);
            Files.writeString(file, text(5));
            assertThat(config.look(taker).taken()).isTrue();
            assertThat(taken).containsExactly(5);
        }
    }

    @Test
    void whatTheServerCannotServeIsToldToo() throws IOException {
        Path file = folder.resolve("dns.json");
        Files.writeString(file, text(30));
        try (ConfigFile config = new ConfigFile(file)) {
            Files.writeString(file, text(31));
            DnsStatus.Config status = config.look(next -> {
                throw new IllegalArgumentException("no such port");
            });
            assertThat(status.message()).isEqualTo("no such port");
            assertThat(status.hash()).isEqualTo(config.first().hash());
        }
    }

    /** The kubelet's AtomicWriter: the file is a link into ..data, a link that is moved to another folder. */
    @Test
    void aConfigMapThatChangesIsSeen() throws IOException {
        Path mount = Files.createDirectory(folder.resolve("weft"));
        version(mount, "..2026_1", text(30));
        Files.createSymbolicLink(mount.resolve("..data"), Path.of("..2026_1"));
        Path file = Files.createSymbolicLink(mount.resolve("dns.json"), Path.of("..data", "dns.json"));
        List<Integer> taken = new ArrayList<>();
        try (ConfigFile config = new ConfigFile(file)) {
            version(mount, "..2026_2", text(7));
            Path next = Files.createSymbolicLink(mount.resolve("..data_tmp"), Path.of("..2026_2"));
            Files.move(next, mount.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
            Files.delete(mount.resolve("..2026_1/dns.json"));
            assertThat(config.look(now -> taken.add(now.ttl())).taken()).isTrue();
        }
        assertThat(taken).containsExactly(7);
    }

    private static void version(Path mount, String name, String text) throws IOException {
        Files.writeString(Files.createDirectory(mount.resolve(name)).resolve("dns.json"), text);
    }
}
