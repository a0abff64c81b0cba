package dev.weft.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class HostCertificateTest {
    @Test
    void serialsDiffer() {
        HostCertificate one = HostCertificate.make("one.example");
        assertThat(one.serial()).matches("[1-9a-f][0-9a-f]*").isEqualTo(one.serial());
        assertThat(HostCertificate.make("one.example").serial()).isNotEqualTo(one.serial());
    }

    @Test
    void aSecretHasBothParts() {
        assertThat(new HostCertificate("certificate", "key").secret("web"))
                .contains("name: web,", "tls.crt: Y2VydGlmaWNhdGU=", "tls.key: a2V5");
    }

    @Test
    void whatIsNoCertificateIsRefused() {
        assertThatThrownBy(() -> new HostCertificate("nothing", "").serial())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("nothing");
    }
}
