package dev.weft.e2e.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PkiTest {
    @TempDir
    Path folder = Path.of("");

    @Test
    void certificatesAreSignedByTheAuthorityAndNameTheServer() throws Exception {
        LabPaths paths = new LabPaths(folder);
        paths.create();
        new Pki(paths, Instant.now()).write(List.of(new GeneralName(GeneralName.iPAddress, "127.0.0.1")));

        X509Certificate authority = read(paths.pki("ca.crt"));
        X509Certificate server = read(paths.pki("apiserver.crt"));
        X509Certificate client = read(paths.pki("kubelet-client.crt"));
        server.verify(authority.getPublicKey());
        client.verify(authority.getPublicKey());
        assertThat(authority.getBasicConstraints()).isNotNegative();
        assertThat(server.getSubjectAlternativeNames())
                .anySatisfy(name -> assertThat(name.get(1)).isEqualTo("127.0.0.1"));
        assertThat(client.getSubjectX500Principal().getName()).contains("O=system:masters");
        assertThat(Files.readString(paths.pki("service-account.key"))).startsWith("-----BEGIN PRIVATE KEY");
        assertThat(Files.readString(paths.pki("service-account.pub"))).startsWith("-----BEGIN PUBLIC KEY");
    }

    private static X509Certificate read(Path file) throws Exception {
        try (InputStream in = Files.newInputStream(file)) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }
}
