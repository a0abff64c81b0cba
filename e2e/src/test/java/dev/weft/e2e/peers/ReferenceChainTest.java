package dev.weft.e2e.peers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weft.e2e.programs.DebianPackages;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReferenceChainTest {
    @ParameterizedTest
    @EnumSource
    void theChainHasOneRangeForEachPodCidr(ReferenceChain.Link link) throws Exception {
        String conflist = new ReferenceChain(link, new DebianPackages(line -> {}))
                .conflist(List.of("10.244.1.0/24", "fd00:244:0:1::/64"));
        JsonNode plugins = new ObjectMapper().readTree(conflist).get("plugins");
        assertThat(plugins.findValuesAsText("type").getFirst()).isEqualToIgnoringCase(link.name());
        assertThat(plugins.get(0).get("ipam").get("ranges").findValuesAsText("subnet"))
                .containsExactly("10.244.1.0/24", "fd00:244:0:1::/64");
        assertThat(plugins.get(1).get("type").asText()).isEqualTo("portmap");
    }
}
