package dev.weft.cni.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.net.Family;
import dev.weft.net.Ip;
import dev.weft.net.MacAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CniResultTest {
    private static final CniResult RESULT = new CniResult(
            "weft0123456789a",
            MacAddress.parse("02:00:00:00:00:01"),
            "eth0",
            MacAddress.parse("02:00:00:00:00:02"),
            1450,
            "/run/netns/a",
            List.of(Ip.parse("10.244.1.5"), Ip.parse("fd00:244:1::5")),
            Map.of(Family.IPV4, Ip.parse("169.254.1.1"), Family.IPV6, Ip.parse("fe80::1")));

    private static final String ROUTES = "\"routes\":[{\"dst\":\"0.0.0.0/0\",\"gw\":\"169.254.1.1\"},"
            + "{\"dst\":\"::/0\",\"gw\":\"fe80::1\"}],\"dns\":{}}";

    @Test
    void version11HasTheMtu() {
        assertThat(RESULT.toJson(CniVersion.V1_1_0))
                .isEqualTo("{\"cniVersion\":\"1.1.0\",\"interfaces\":["
                        + "{\"name\":\"weft0123456789a\",\"mac\":\"02:00:00:00:00:01\",\"mtu\":1450},"
                        + "{\"name\":\"eth0\",\"mac\":\"02:00:00:00:00:02\",\"mtu\":1450,\"sandbox\":\"/run/netns/a\"}],"
                        + "\"ips\":[{\"interface\":1,\"address\":\"10.244.1.5/32\",\"gateway\":\"169.254.1.1\"},"
                        + "{\"interface\":1,\"address\":\"fd00:244:1::5/128\",\"gateway\":\"fe80::1\"}],"
                        + ROUTES);
    }

    @Test
    void version10HasNeitherMtuNorFamily() {
        assertThat(RESULT.toJson(CniVersion.V1_0_0))
                .isEqualTo("{\"cniVersion\":\"1.0.0\",\"interfaces\":["
                        + "{\"name\":\"weft0123456789a\",\"mac\":\"02:00:00:00:00:01\"},"
                        + "{\"name\":\"eth0\",\"mac\":\"02:00:00:00:00:02\",\"sandbox\":\"/run/netns/a\"}],"
                        + "\"ips\":[{\"interface\":1,\"address\":\"10.244.1.5/32\",\"gateway\":\"169.254.1.1\"},"
                        + "{\"interface\":1,\"address\":\"fd00:244:1::5/128\",\"gateway\":\"fe80::1\"}],"
                        + ROUTES);
    }

    @Test
    void version04HasTheFamilyOfEachAddress() {
        assertThat(RESULT.toJson(CniVersion.V0_4_0))
                .contains("{\"version\":\"4\",\"interface\":1,\"address\":\"10.244.1.5/32\"")
                .contains("{\"version\":\"6\",\"interface\":1,\"address\":\"fd00:244:1::5/128\"");
    }

    @Test
    void errorsCarryVersionCodeMessageAndDetails() {
        Reply reply = Reply.of(
                CniVersion.V1_0_0,
                new CniException(CniError.IO_FAILURE, "cannot \"write\"", new IllegalStateException("disk full")));

        assertThat(reply.stdout())
                .isEqualTo("{\"cniVersion\":\"1.0.0\",\"code\":5,\"msg\":\"cannot \\\"write\\\"\","
                        + "\"details\":\"java.lang.IllegalStateException: disk full\"}");
        assertThat(new String(reply.toMessage(), StandardCharsets.UTF_8))
                .startsWith("{\"exitCode\":1,\"stdout\":\"{\\\"cniVersion\\\"");
        assertThat(new String(Reply.DONE.toMessage(), StandardCharsets.UTF_8))
                .isEqualTo("{\"exitCode\":0,\"stdout\":\"\"}");
    }
}
