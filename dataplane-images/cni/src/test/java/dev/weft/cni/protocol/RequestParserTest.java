package dev.weft.cni.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weft.net.Ip;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestParserTest {
    private static final String CONFIG = "\"cniVersion\":\"1.0.0\",\"name\":\"weft\",\"type\":\"weft\"";
    private static final String ARGS = "IgnoreUnknown=1;K8S_POD_NAMESPACE=shop;K8S_POD_NAME=cart-0;K8S_POD_UID=1-2";

    private static String request(String command, String config) {
        return "{\"command\":\"" + command + "\",\"containerId\":\"c0ffee\",\"netns\":\"/run/netns/a\","
                + "\"ifname\":\"eth0\",\"args\":\"" + ARGS + "\",\"path\":\"/opt/cni/bin\",\"config\":{" + config
                + "}}";
    }

    private static CniRequest parse(String text) throws CniException {
        return RequestParser.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    private static CniException failure(String text) {
        return catchThrowableOfType(CniException.class, () -> parse(text));
    }

    @Test
    void addCarriesThePodItsPortsAndItsLimits() throws CniException {
        CniRequest request = parse(request(
                "ADD",
                CONFIG + ",\"runtimeConfig\":{\"portMappings\":["
                        + "{\"hostPort\":8080,\"containerPort\":80,\"protocol\":\"TCP\",\"hostIP\":\"172.18.0.2\"},"
                        + "{\"hostPort\":53,\"containerPort\":5353,\"protocol\":\"udp\",\"hostIP\":\"\"},"
                        + "{\"hostPort\":0,\"containerPort\":81,\"protocol\":\"tcp\"}],"
                        + "\"bandwidth\":{\"ingressRate\":1000000,\"ingressBurst\":4294967295}}"));

        assertThat(request)
                .isEqualTo(new CniRequest.Add(
                        CniVersion.V1_0_0,
                        new Attachment("c0ffee", "eth0"),
                        "/run/netns/a",
                        new PodName("shop", "cart-0"),
                        "1-2",
                        List.of(
                                new PortMapping(
                                        PortMapping.Protocol.TCP, Optional.of(Ip.parse("172.18.0.2")), 8080, 80),
                                new PortMapping(PortMapping.Protocol.UDP, Optional.empty(), 53, 5353)),
                        new Bandwidth(1_000_000, 4_294_967_295L, 0, 0)));
    }

    /** containerd hands its own structures on, whose fields have no JSON names (go-cni, {@code PortMapping}, {@code BandWidth}). */
    @Test
    void fieldsAreFoundWhateverTheirCase() throws CniException {
        CniRequest request = parse(
                request(
                        "ADD",
                        CONFIG + ",\"runtimeConfig\":{\"portMappings\":["
                                + "{\"HostPort\":54323,\"ContainerPort\":8080,\"Protocol\":\"tcp\",\"HostIP\":\"127.0.0.1\"}],"
                                + "\"bandwidth\":{\"IngressRate\":1000000,\"IngressBurst\":8000,\"EgressRate\":0,\"EgressBurst\":0}}"));

        assertThat(request)
                .isEqualTo(new CniRequest.Add(
                        CniVersion.V1_0_0,
                        new Attachment("c0ffee", "eth0"),
                        "/run/netns/a",
                        new PodName("shop", "cart-0"),
                        "1-2",
                        List.of(new PortMapping(
                                PortMapping.Protocol.TCP, Optional.of(Ip.parse("127.0.0.1")), 54323, 8080)),
                        new Bandwidth(1_000_000, 8000, 0, 0)));
    }

    @Test
    void delNeedsNoNetworkNamespace() throws CniException {
        CniRequest request = parse(request("DEL", CONFIG).replace("/run/netns/a", ""));

        assertThat(request)
                .isEqualTo(new CniRequest.Del(
                        CniVersion.V1_0_0, new Attachment("c0ffee", "eth0"), new PodName("shop", "cart-0")));
    }

    @Test
    void checkReadsInterfacesAndAddressesOfThePreviousResult() throws CniException {
        CniRequest request = parse(request(
                "CHECK",
                CONFIG + ",\"prevResult\":{\"cniVersion\":\"1.0.0\",\"interfaces\":[{\"name\":\"weft1\"},"
                        + "{\"name\":\"eth0\",\"sandbox\":\"/run/netns/a\"}],"
                        + "\"ips\":[{\"address\":\"10.244.1.5/32\"},{\"address\":\"fd00::5/128\"}]}"));

        assertThat(((CniRequest.Check) request).previous())
                .isEqualTo(new PreviousResult(
                        List.of("weft1", "eth0"), List.of(Ip.parse("10.244.1.5"), Ip.parse("fd00::5"))));
    }

    @Test
    void gcReadsBothNamesOfTheList() throws CniException {
        String config = CONFIG.replace("1.0.0", "1.1.0");
        String list = "[{\"containerID\":\"a\",\"ifname\":\"eth0\"},{\"containerID\":\"b\",\"ifname\":\"net1\"}]";

        for (String name : List.of("cni.dev/valid-attachments", "cni.dev/attachments")) {
            CniRequest request = parse(request("GC", config + ",\"" + name + "\":" + list));
            assertThat(request)
                    .isEqualTo(new CniRequest.Gc(
                            CniVersion.V1_1_0, Set.of(new Attachment("a", "eth0"), new Attachment("b", "net1"))));
        }
        assertThat(parse(request("GC", config + ",\"cni.dev/valid-attachments\":null")))
                .isEqualTo(new CniRequest.Gc(CniVersion.V1_1_0, Set.of()));
    }

    @Test
    void gcWithoutAListFreesNothing() {
        CniException failure = failure(request("GC", CONFIG.replace("1.0.0", "1.1.0")));

        assertThat(failure.error()).isEqualTo(CniError.INVALID_CONFIG);
        assertThat(failure).hasMessage("field cni.dev/valid-attachments is missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GC", "STATUS"})
    void verbsOfVersion11AreRefusedInOlderOnes(String command) {
        assertThat(failure(request(command, CONFIG)).error()).isEqualTo(CniError.INCOMPATIBLE_VERSION);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "ADD|`\"cniVersion\":\"0.3.1\",\"name\":\"a\"`|1|none of 0.4.0, 1.0.0 and 1.1.0",
                "ADD|`\"name\":\"a\"`|1|cniVersion ''",
                "ADD|`\"cniVersion\":\"1.0.0\"`|7|field name is missing",
                "ADD|`\"cniVersion\":\"1.0.0\",\"name\":\"../x\"`|7|field name is not a network name: ../x",
                "ADD|`\"cniVersion\":\"1.0.0\",\"name\":\"a\",\"ipam\":{\"type\":\"x\"}`|2|field ipam with value {type=x}",
                "ADD|`\"cniVersion\":\"1.0.0\",\"name\":\"a\",\"runtimeConfig\":{\"mac\":\"x\"}`|2|runtimeConfig.mac",
                "ADD|`\"cniVersion\":\"1.0.0\",\"name\":\"a\",\"prevResult\":{}`|7|first in the plugin chain",
                "ADD|`\"cniVersion\":\"1.0.0\",\"name\":\"a\",\"runtimeConfig\":{\"portMappings\":[{\"hostPort\":99999}]}`|7|hostPort 99999",
                "ADD|`\"cniVersion\":\"1.0.0\",\"name\":\"a\",\"runtimeConfig\":{\"portMappings\":[{\"hostPort\":1,\"containerPort\":1,\"protocol\":\"quic\"}]}`|7|QUIC",
                "ADD|`\"cniVersion\":\"1.0.0\",\"name\":\"a\",\"runtimeConfig\":{\"bandwidth\":{\"egressRate\":5000}}`|7|egressBurst above 0",
                "CHECK|`\"cniVersion\":\"1.0.0\",\"name\":\"a\"`|7|field prevResult is missing",
                "MOVE|`\"cniVersion\":\"1.0.0\",\"name\":\"a\"`|4|CNI_COMMAND is 'MOVE'"
            })
    void failuresHaveTheSpecificationsCodeAndNameTheField(String command, String config, int code, String message) {
        CniException failure = failure(request(command, config));

        assertThat(failure.error().code()).isEqualTo(code);
        assertThat(failure).hasMessageContaining(message);
    }

    @Test
    void missingOrWrongVariablesAreNamed() {
        String add = request("ADD", CONFIG);

        assertThat(failure(add.replace("c0ffee", ""))).hasMessage("CNI_CONTAINERID is not set");
        assertThat(failure(add.replace("c0ffee", "../etc"))).hasMessageContaining("'../etc' is not a container id");
        assertThat(failure(add.replace("eth0", ""))).hasMessage("CNI_IFNAME is not set");
        assertThat(failure(add.replace("eth0", "a/b"))).hasMessageContaining("'a/b' is not an interface name");
        assertThat(failure(add.replace("eth0", "sixteenletters00"))).hasMessageContaining("not an interface name");
        assertThat(failure(add.replace("/run/netns/a", ""))).hasMessage("CNI_NETNS is not set");
        assertThat(failure(add.replace("IgnoreUnknown=1", "nonsense"))).hasMessageContaining("'nonsense'");
        assertThat(failure(add.replace("eth0", "")).error()).isEqualTo(CniError.INVALID_ENVIRONMENT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "7", "{\"command\":\"ADD\",\"config\":null}", "{\"command\":\"ADD\"}"})
    void whatIsNoRequestIsUndecodable(String text) {
        assertThat(failure(text).error()).isEqualTo(CniError.UNDECODABLE);
    }

    @Test
    void errorsAreToldInTheVersionThatWasAsked() {
        assertThat(RequestParser.versionForErrors(
                        request("ADD", CONFIG.replace("1.0.0", "0.4.0")).getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(CniVersion.V0_4_0);
        assertThat(RequestParser.versionForErrors(new byte[0])).isEqualTo(CniVersion.V1_0_0);
    }

    @Test
    void hostLinkNamesAreStableAndFitTheKernel() {
        assertThat(new Attachment("c0ffee", "eth0").hostLink()).hasSize(15).startsWith("weft");
        assertThat(new Attachment("c0ffee", "eth0").hostLink()).isEqualTo(new Attachment("c0ffee", "eth0").hostLink());
        assertThat(new Attachment("c0ffee", "eth1").hostLink())
                .isNotEqualTo(new Attachment("c0ffee", "eth0").hostLink());
    }

    /** Whatever bytes come, the parser answers with a request or a {@link CniException}. */
    @Test
    void mutatedRequestsNeverFailInAnotherWay() {
        Random random = new Random(20260101);
        List<String> seeds = List.of(
                request(
                        "ADD",
                        CONFIG + ",\"runtimeConfig\":{\"portMappings\":[{\"hostPort\":80,\"containerPort\":80}]}"),
                request("CHECK", CONFIG + ",\"prevResult\":{\"ips\":[{\"address\":\"10.0.0.1/32\"}]}"),
                request(
                        "GC",
                        CONFIG.replace("1.0.0", "1.1.0") + ",\"cni.dev/valid-attachments\":[{\"containerID\":\"a\"}]"));
        int parsed = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = seeds.get(round % seeds.size()).getBytes(StandardCharsets.UTF_8);
            for (int n = random.nextInt(4); n >= 0; n--) {
                bytes = mutate(bytes, random);
            }
            try {
                RequestParser.parse(bytes);
                parsed++;
            } catch (CniException e) {
                assertThat(e.text()).isNotBlank();
            }
        }
        assertThat(parsed).isPositive();
    }

    private static byte[] mutate(byte[] bytes, Random random) {
        if (bytes.length == 0) {
            return bytes;
        }
        byte[] out = bytes.clone();
        int at = random.nextInt(out.length);
        switch (random.nextInt(4)) {
            case 0 -> out[at] = (byte) random.nextInt(256);
            case 1 -> out[at] ^= (byte) (1 << random.nextInt(8));
            case 2 -> out = Arrays.copyOf(out, at);
            default -> {
                int from = random.nextInt(out.length);
                int length = Math.min(random.nextInt(40), out.length - Math.max(from, at));
                System.arraycopy(bytes, from, out, at, length);
            }
        }
        return out;
    }
}
