package dev.weft.e2e.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LabSpecTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "Lab", "1st", "a.b", "a_b", "a/b", "a-name-that-is-far-too-long"})
    void refusesNamesThatNamespacesCannotHave(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> new LabName(name)).withMessageContaining(name);
    }

    @Test
    void namesOfOneLabDoNotBeginThoseOfAnother() {
        // Clean-up takes what begins with "weft.<lab>.", so a lab named "a" must not take what is of "ab" or "a-b".
        String mine = new LabName("a").controlPlane().name() + ".";
        assertThat(new LabName("ab").node(new NodeName(1)).name()).doesNotStartWith(mine);
        assertThat(new LabName("a-b").node(new NodeName(1)).name()).doesNotStartWith(mine);
        assertThat(new LabName("a").node(new NodeName(1)).name()).startsWith(mine);
    }

    @Test
    void everyNodeHasAddressesOfItsOwnThatParseBack() {
        assertThat(new NodeName(3).ipv4()).isEqualTo("172.18.0.13");
        assertThat(new NodeName(3).ipv6()).isEqualTo("fd00:18::13");
        for (int i = 1; i <= NodeName.MAX; i++) {
            assertThat(NodeName.parse(new NodeName(i).value())).isEqualTo(new NodeName(i));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> NodeName.parse("worker1"));
        assertThatIllegalArgumentException().isThrownBy(() -> NodeName.parse("nodeX"));
    }

    @Test
    void aLabHasOnePodNetwork() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LabSpec(LabName.DEFAULT, 1, Set.of(Peer.PTP, Peer.BRIDGE), List.of()))
                .withMessageContaining("bridge and ptp");
    }

    @Test
    void peersAreFoundByTheirOptionAndUnknownOnesAreNamed() {
        for (Peer peer : Peer.values()) {
            assertThat(Peer.parse(peer.option())).isEqualTo(peer);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Peer.parse("calico"))
                .withMessageContaining("calico")
                .withMessageContaining("kube-proxy");
    }

    @Test
    void theDescriptionOnDiskIsTheOneWritten(@TempDir Path folder) {
        Path file = folder.resolve("lab.properties");
        LabSpec spec = new LabSpec(
                LabName.DEFAULT, 3, Set.of(Peer.KUBE_PROXY, Peer.PTP), List.of(Path.of("/a.tar"), Path.of("/b.tar")));
        SpecFile.write(file, spec);
        assertThat(SpecFile.read(LabName.DEFAULT, file)).isEqualTo(spec);
        LabSpec bare = LabSpec.of(LabName.DEFAULT, 1);
        SpecFile.write(file, bare);
        assertThat(SpecFile.read(LabName.DEFAULT, file)).isEqualTo(bare);
    }
}
