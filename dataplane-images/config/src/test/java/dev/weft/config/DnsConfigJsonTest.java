package dev.weft.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.weft.config.DnsConfig.Protocol;
import dev.weft.config.DnsConfig.Upstream;
import dev.weft.net.Cidr;
import dev.weft.net.Ip;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DnsConfigJsonTest {
    private static final DnsConfig CONFIG = new DnsConfig(
            List.of(URI.create("https://192.0.2.1:6443")),
            "cluster.local",
            30,
            DnsConfig.PodsMode.INSECURE,
            "kube-system/kube-dns",
            List.of(Ip.parse("::")),
            53,
            List.of(
                    Upstream.udp(Ip.parse("192.0.2.53")),
                    new Upstream(Protocol.TLS, Ip.parse("2001:db8::53"), 853, "dns.example")),
            List.of(new DnsConfig.StubDomain("corp.example", List.of(Upstream.udp(Ip.parse("192.0.2.54"))))),
            List.of(new DnsConfig.Host(Ip.parse("192.0.2.9"), List.of("a.example", "b.example"))),
            DnsConfig.Cache.DEFAULT,
            1000,
            false,
            true,
            Optional.of(Cidr.parse("64:ff9b::/96")),
            List.of(Cidr.parse("192.0.2.0/24")),
            7);

    @Test
    void survives_the_way_there_and_back() {
        assertThat(DnsConfigJson.read(DnsConfigJson.write(CONFIG))).isEqualTo(CONFIG);
    }

    @Test
    void what_an_earlier_release_did_not_write_is_as_usual() {
        String json = DnsConfigJson.write(CONFIG).replaceFirst(",\"dns64\".*", "}");
        DnsConfig config = DnsConfigJson.read(json);
        assertThat(config.dns64()).isEmpty();
        assertThat(config.transferTo()).isEmpty();
        assertThat(config.lameDuckSeconds()).isEqualTo(DnsConfig.LAME_DUCK_SECONDS);
    }

    @Test
    void what_is_wrong_is_named() {
        String json = DnsConfigJson.write(CONFIG);
        assertThatExceptionOfType(ConfigFormatException.class)
                .isThrownBy(() -> DnsConfigJson.read(json.replace("\"ttl\":30", "\"ttl\":4000")))
                .withMessageContaining("ttl 4000");
        assertThatExceptionOfType(ConfigFormatException.class)
                .isThrownBy(() -> DnsConfigJson.read(json.replace("192.0.2.53", "nowhere")))
                .withMessageContaining("upstreams[].ip");
        assertThatExceptionOfType(ConfigFormatException.class)
                .isThrownBy(() -> DnsConfigJson.read(json.replace("64:ff9b::/96", "64:ff9b::/95")))
                .withMessageContaining("dns64");
    }
}
