package dev.weft.ingress.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.ingress.route.Certificate;
import dev.weft.ingress.route.HostPattern;
import dev.weft.ingress.route.HttpRule;
import dev.weft.ingress.route.Listener;
import dev.weft.ingress.route.Port;
import dev.weft.ingress.route.Target;
import dev.weft.ingress.route.TlsTermination;
import dev.weft.ingress.route.TlsTermination.Version;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** The conformance test of HTTP/2, where {@code WEFT_H2SPEC} says where it is; see the README. */
@EnabledIfEnvironmentVariable(named = "WEFT_H2SPEC", matches = ".+")
class H2SpecTest {
    /** Over TLS: without it the port speaks HTTP/1.1 too, and what begins like no HTTP/2 is answered in HTTP/1.1. */
    @Test
    void everyTestOfH2specPasses() throws Exception {
        Certificate certificate = Certs.make("localhost", "dns:localhost");
        try (Backend backend = Backend.ok("0123456789");
                Proxy proxy = new Proxy().with(Proxy.upstream("web", backend.port()))) {
            HttpRule rule = Proxy.rule(Target.to(Proxy.id("web")));
            proxy.serve(new Port.Web(List.of(new Listener(
                    "https",
                    HostPattern.ANY,
                    Optional.of(new TlsTermination(List.of(certificate), Version.TLS_1_2, true, Optional.empty())),
                    new Listener.Serving.Http(request -> rule, false)))));
            Process spec = new ProcessBuilder(
                            System.getenv("WEFT_H2SPEC"),
                            "-h",
                            "127.0.0.1",
                            "-p",
                            Integer.toString(proxy.port),
                            "-t",
                            "-k",
                            "-o",
                            "5")
                    .redirectErrorStream(true)
                    .start();
            String said = new String(spec.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(spec.waitFor()).as(said).isZero();
            assertThat(said).contains(", 0 failed");
        }
    }
}
