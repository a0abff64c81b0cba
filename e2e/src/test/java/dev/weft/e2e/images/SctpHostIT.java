package dev.weft.e2e.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.weft.e2e.process.CommandFailedException;
import dev.weft.e2e.process.Commands;
import dev.weft.e2e.process.Progress;
import dev.weft.e2e.programs.CacheRoot;
import dev.weft.e2e.programs.GoModule;
import dev.weft.e2e.programs.ProgramCache;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SCTP between two network namespaces, past rules of nftables in a third: the kernel takes it for what it is. */
class SctpHostIT {
    private static final String CLIENT = "weft-sctp-c";
    private static final String ROUTER = "weft-sctp-r";
    private static final String SERVER = "weft-sctp-s";

    private static final String RULES = """
            table ip t {
              chain pre {
                type nat hook prerouting priority dstnat
                ip daddr 10.96.0.9 sctp dport 99 dnat to 10.9.2.2:80
              }
              chain forward {
                type filter hook forward priority filter
                ct state invalid counter drop
                ct state established accept
                sctp dport 81 drop
              }
            }
            """;

    private final String program = new ProgramCache(CacheRoot.of(System.getenv()), Progress.printing(System.out))
            .program(GoModule.SCTPHOST, "sctphost")
            .toString();

    @TempDir
    Path folder = Path.of("");

    @BeforeEach
    void wire() throws Exception {
        // Where the kernel has SCTP the program leaves all to agnhost.
        assumeThat(Files.readString(Path.of("/proc/net/protocols"))).doesNotContain("SCTP");
        unwire();
        for (String netns : List.of(CLIENT, ROUTER, SERVER)) {
            run("ip netns add " + netns);
            run("ip -n " + netns + " link set lo up");
        }
        link(CLIENT, "c", "10.9.1");
        link(SERVER, "s", "10.9.2");
        run("ip netns exec " + ROUTER + " sysctl -qw net.ipv4.ip_forward=1");
        Path rules = Files.writeString(folder.resolve("rules.nft"), RULES);
        run("ip netns exec " + ROUTER + " nft -f " + rules);
    }

    @AfterEach
    void unwire() {
        for (String netns : List.of(CLIENT, ROUTER, SERVER)) {
            Commands.run(
                    "sh",
                    "-c",
                    "ip netns pids %1$s 2> /dev/null | xargs -r kill -9; ip netns del %1$s || true".formatted(netns));
        }
    }

    @Test
    void whatRulesAllowConnectsAndWhatTheyDropTimesOut() throws Exception {
        Path log = folder.resolve("server.log");
        Commands.background(
                List.of(
                        "ip",
                        "netns",
                        "exec",
                        SERVER,
                        "env",
                        "SERVE_SCTP_PORT_80=a",
                        "SERVE_SCTP_PORT_81=b",
                        program,
                        "porter"),
                log);
        Awaitility.await().until(() -> Files.readString(log).contains("Started SCTP server"));
        assertThat(connect("10.9.2.2:80")).isEmpty();
        assertThat(connect("10.9.2.2:81")).contains("TIMEOUT");
        assertThat(connect("10.96.0.9:99")).as("by translation").isEmpty();
        assertThat(connect("10.9.2.2:82")).as("where nothing listens").contains("TIMEOUT");
        assertThat(run("ip netns exec " + ROUTER + " nft list chain ip t forward"))
                .contains("ct state invalid counter packets 0 bytes 0 drop");
    }

    /** What agnhost's connect would print: nothing if a message went there and one came back. */
    private String connect(String to) {
        try {
            return run("ip netns exec %s %s connect %s --timeout=1s --protocol=sctp".formatted(CLIENT, program, to));
        } catch (CommandFailedException e) {
            assertThat(e).hasMessageNotContaining("OTHER");
            return String.valueOf(e.getMessage());
        }
    }

    private static void link(String netns, String device, String network) {
        run("ip link add eth0 netns %s type veth peer name %s netns %s".formatted(netns, device, ROUTER));
        run("ip -n %s addr add %s.2/24 dev eth0".formatted(netns, network));
        run("ip -n %s addr add %s.1/24 dev %s".formatted(ROUTER, network, device));
        run("ip -n %s link set eth0 up".formatted(netns));
        run("ip -n %s link set %s up".formatted(ROUTER, device));
        run("ip -n %s route add default via %s.1".formatted(netns, network));
    }

    private static String run(String line) {
        return Commands.run(line.split(" "));
    }
}
