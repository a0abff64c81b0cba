package dev.weft.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.junit.jupiter.api.Test;

class IngressStatusJsonTest {
    private static final IngressStatus STATUS = new IngressStatus(
            "0.1.0",
            true,
            "ok   routes",
            new IngressStatus.Config(false, "httpPort and httpsPort are both 80", "0123"),
            12,
            3,
            List.of(new IngressStatus.Unsupported("nginx.ingress.kubernetes.io/server-snippet", 2, "shop/web")));

    @Test
    void survivesTheWayThereAndBack() {
        assertThat(IngressStatusJson.read(IngressStatusJson.write(STATUS))).isEqualTo(STATUS);
    }

    @Test
    void whatIsMissingIsNamed() {
        assertThatExceptionOfType(ConfigFormatException.class)
                .isThrownBy(() -> IngressStatusJson.read("{\"version\":\"1\",\"config\":{}}"))
                .withMessageContaining("ready");
    }
}
