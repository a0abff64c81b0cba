package dev.weft.e2e.programs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CacheRootTest {
    @Test
    void theOwnVariableWinsOverXdgAndXdgOverHome() {
        assertThat(CacheRoot.of(Map.of("WEFT_CACHE", "/w", "XDG_CACHE_HOME", "/x", "HOME", "/h"))
                        .path())
                .isEqualTo(Path.of("/w"));
        assertThat(CacheRoot.of(Map.of("WEFT_CACHE", "", "XDG_CACHE_HOME", "/x", "HOME", "/h"))
                        .path())
                .isEqualTo(Path.of("/x/weft"));
        assertThat(CacheRoot.of(Map.of("HOME", "/h")).path()).isEqualTo(Path.of("/h/.cache/weft"));
    }
}
