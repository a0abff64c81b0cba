package dev.weft.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.weft.net.Cidr;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class IngressConfigJsonTest {
    private static final IngressConfig CONFIG = new IngressConfig(
            List.of(URI.create("https://192.0.2.1:6443")),
            "weft-system",
            List.of("nginx"),
            true,
            8080,
            8443,
            Optional.of("weft-system/wildcard"),
            Optional.of("weft-system/weft-ingress"),
            false,
            List.of(Cidr.parse("192.0.2.0/24")),
            true,
            IngressConfig.Limits.DEFAULT,
            60);

    @Test
    void survives_the_way_there_and_back() {
        assertThat(IngressConfigJson.read(IngressConfigJson.write(CONFIG))).isEqualTo(CONFIG);
    }

    @Test
    void what_is_wrong_is_named() {
        String json = IngressConfigJson.write(CONFIG);
        assertThatExceptionOfType(ConfigFormatException.class)
                .isThrownBy(() -> IngressConfigJson.read(json.replace("\"headerBytes\":32768", "\"headerBytes\":1")))
                .withMessageContaining("limits.headerBytes 1 is not between 1024");
        assertThatExceptionOfType(ConfigFormatException.class)
                .isThrownBy(() -> IngressConfigJson.read(json.replace("weft-system/wildcard", "wildcard")))
                .withMessageContaining("defaultCertificate 'wildcard' is not namespace/name");
        assertThatExceptionOfType(ConfigFormatException.class)
                .isThrownBy(() -> IngressConfigJson.read(json.replace("\"httpsPort\":8443", "\"httpsPort\":8080")))
                .withMessageContaining("both 8080");
    }
}
