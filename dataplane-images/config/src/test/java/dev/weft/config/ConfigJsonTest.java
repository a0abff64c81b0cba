package dev.weft.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.weft.net.Cidr;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigJsonTest {
    private static final NodeConfig CONFIG = new NodeConfig(
            "0.1.0",
            "r1",
            List.of(URI.create("https://192.0.2.1:6443"), URI.create("https://[2001:db8::1]:6443")),
            List.of(Cidr.parse("10.244.0.0/16"), Cidr.parse("fd00:244::/56")),
            Routing.VXLAN,
            new NodeConfig.Vxlan(1, 8472, true),
            0,
            new NodeConfig.Masquerade(true, List.of(Cidr.parse("192.168.0.0/16"))),
            new NodeConfig.ServiceProxy(true, List.of("primary", "192.0.2.0/24"), List.of(Cidr.parse("10.96.0.0/12"))),
            new NodeConfig.NetworkPolicy(true, 20, NodeConfig.NetworkPolicy.OnStartTimeout.ISOLATE, false));

    private static final NodeStatus STATUS = new NodeStatus(
            "node1",
            "0.1.0",
            "r1",
            Instant.parse("2026-01-01T00:00:00Z"),
            List.of(new NodeStatus.Role("cni", false, "the API server does not answer")),
            1500,
            1450,
            3,
            List.of(new NodeStatus.Probe("node2", "IPv4", "VXLAN", true, 10, 1, Instant.EPOCH, 213, "")),
            List.of(new NodeStatus.Repair(Instant.EPOCH, "route 10.244.1.0/24 dev weft-vxlan was missing")),
            List.of("iptables"));

    @Test
    void config_survives_the_way_there_and_back() {
        assertThat(ConfigJson.readConfig(ConfigJson.write(CONFIG))).isEqualTo(CONFIG);
    }

    @Test
    void status_survives_the_way_there_and_back() {
        assertThat(ConfigJson.readStatus(ConfigJson.write(STATUS))).isEqualTo(STATUS);
    }

    @Test
    void unknown_fields_are_ignored() {
        String newer = ConfigJson.write(CONFIG).replaceFirst("\\{", "{\"added\":{\"later\":[1]},");
        assertThat(ConfigJson.readConfig(newer)).isEqualTo(CONFIG);
    }

    @Test
    void a_config_of_a_release_without_service_proxy_has_none_and_keeps_its_text() {
        String older = ConfigJson.write(CONFIG).replaceFirst(",\"serviceProxy\":.*false}", "");
        NodeConfig config = ConfigJson.readConfig(older);
        assertThat(config.serviceProxy()).isEqualTo(NodeConfig.ServiceProxy.DISABLED);
        assertThat(config.networkPolicy()).isEqualTo(NodeConfig.NetworkPolicy.DISABLED);
        assertThat(ConfigJson.write(config)).isEqualTo(older);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "vni":1       | "vni":0       | vni 0 is not between 1 and 16777215
            "vni":1       | "vni":"x"     | field vxlan.vni is not a number: x
            "vni":1,      | ''            | field vxlan.vni is missing
            "mtu":0       | "mtu":1.5     | field mtu is not a whole number: 1.5
            10.244.0.0/16 | 10.244.0.0/99 | field podCidrs: prefix length /99 of 10.244.0.0 is not between 0 and 32
            "VXLAN"       | 7             | field routing is not a string: 7
            "primary"     | "secondary"   | nodePortAddresses: neither primary nor a CIDR: 'secondary' is not a CIDR such as 10.244.0.0/16 or fd00:244::/56
            10.96.0.0/12  | 10.96.0.0     | field serviceProxy.serviceCidrs: '10.96.0.0' is not a CIDR such as 10.244.0.0/16 or fd00:244::/56
            """)
    void a_wrong_field_is_named(String right, String wrong, String message) {
        String json = ConfigJson.write(CONFIG).replace(right, wrong);
        assertThatExceptionOfType(ConfigFormatException.class)
                .isThrownBy(() -> ConfigJson.readConfig(json))
                .withMessage(message);
    }
}
