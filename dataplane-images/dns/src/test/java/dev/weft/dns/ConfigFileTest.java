package dev.weft.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.config.DnsConfig;
import dev.weft.config.DnsConfigJson;
import dev.weft.net.Ip;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
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
            config.look(taker);
            assertThat(taken).isEmpty();
            Files.writeString(file, text(30).replace("30", "-1"));
            config.look(taker);
            assertThat(config.check().message()).contains("ttl -1");
            Files.writeString(file, text(5));
            config.look(taker);
            assertThat(config.check().ok()).isTrue();
            assertThat(taken).containsExactly(5);
        }
    }
}
