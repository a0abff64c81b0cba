package dev.weft.e2e.programs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProgramCacheTest {
    private final ProgramCache cache = new ProgramCache(new CacheRoot(Path.of("/nowhere")), line -> {});

    @ParameterizedTest
    @EnumSource
    void everyModuleHasItsPinsAndAVersionOfItsOwn(GoModule module) {
        assertThat(cache.version(module)).startsWith(module.folder() + "-").isEqualTo(cache.version(module));
        assertThat(Arrays.stream(GoModule.values()).map(cache::version)).doesNotHaveDuplicates();
    }

    @Test
    void theReleaseNamedInTheCodeIsTheOnePinned() throws Exception {
        try (var in = ProgramCacheTest.class.getResourceAsStream("kubernetes/go.mod")) {
            assertThat(in).isNotNull();
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
                    .contains("k8s.io/kubernetes v" + GoModule.KUBERNETES_VERSION);
        }
    }
}
