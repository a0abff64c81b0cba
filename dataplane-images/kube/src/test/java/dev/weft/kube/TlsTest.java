package dev.weft.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
    @TempDir
    private Path folder;

    @Test
    void trustsTheAuthoritiesOfTheFileAndItsReplacement() throws Exception {
        TestAuthority first = TestAuthority.create(Files.createDirectory(folder.resolve("1")), "ip:127.0.0.1");
        TestAuthority second = TestAuthority.create(Files.createDirectory(folder.resolve("2")), "ip:127.0.0.1");
        Path file = Files.copy(first.pem(), folder.resolve("ca.crt"));
        try (FakeApi old = new FakeApi(first.server());
                FakeApi renewed = new FakeApi(second.server());
                KubeClient toOld = client(old, file);
                KubeClient toRenewed = client(renewed, file)) {
            assertThat(toOld.get("/api/v1/nodes")).isNotEmpty();
            assertThatThrownBy(() -> toRenewed.get("/api/v1/nodes"))
                    .isInstanceOf(KubeUnreachableException.class)
                    .hasMessageContaining("https://127.0.0.1:");
            Files.copy(second.pem(), file, StandardCopyOption.REPLACE_EXISTING);
            Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2027-01-01T00:00:00Z")));
            assertThat(toRenewed.get("/api/v1/nodes")).isNotEmpty();
        }
    }

    @Test
    void refusesACertificateForAnotherName() throws Exception {
        TestAuthority authority = TestAuthority.create(folder, "dns:elsewhere");
        try (FakeApi api = new FakeApi(authority.server());
                KubeClient client = client(api, authority.pem())) {
            assertThatThrownBy(() -> client.get("/api/v1/nodes"))
                    .isInstanceOf(KubeUnreachableException.class)
                    .hasMessageContaining("127.0.0.1");
        }
    }

    @Test
    void withoutTheFileNoServerIsTrusted() throws Exception {
        TestAuthority authority = TestAuthority.create(folder, "ip:127.0.0.1");
        try (FakeApi api = new FakeApi(authority.server());
                KubeClient client = client(api, folder.resolve("none"))) {
            assertThatThrownBy(() -> client.get("/api/v1/nodes"))
                    .isInstanceOf(KubeUnreachableException.class)
                    .hasMessageContaining("cannot read certificate authorities");
        }
    }

    private static KubeClient client(FakeApi api, Path ca) {
        return new KubeClient(new KubeConfig(
                List.of(api.uri()), Optional.empty(), Optional.of(ca), Duration.ofSeconds(10), Duration.ofSeconds(10)));
    }
}
