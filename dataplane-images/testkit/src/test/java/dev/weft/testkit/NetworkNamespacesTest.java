package dev.weft.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NetworkNamespaces.class)
class NetworkNamespacesTest {
    @Test
    void everyParameterIsAFreshNamespace(TestNetns one, TestNetns two) {
        assertThat(one.name()).isNotEqualTo(two.name());
        one.ip("link", "add", "v0", "type", "veth", "peer", "name", "v1");
        assertThat(one.ip("-o", "link")).contains("v0", "v1", "lo");
        assertThat(two.ip("-o", "link")).contains("lo").doesNotContain("v0");
    }

    @Test
    void commandsSeeTheNamespace(TestNetns netns) {
        netns.nftScript("table inet t {\n}\n");
        assertThat(netns.nft("list", "tables")).contains("table inet t");
        assertThat(netns.exec("cat", "/proc/net/dev")).contains("lo:");
    }

    @Test
    void aFailingCommandSaysWhy(TestNetns netns) {
        assertThatThrownBy(() -> netns.ip("link", "show", "nothere"))
                .isInstanceOf(CommandFailedError.class)
                .hasMessageContaining("does not exist");
    }

    @Test
    void closingTwiceIsFine(TestNetns netns) {
        netns.close();
        assertThat(netns.path()).doesNotExist();
        netns.close();
    }
}
