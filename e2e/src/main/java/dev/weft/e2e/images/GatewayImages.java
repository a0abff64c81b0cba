package dev.weft.e2e.images;

import dev.weft.e2e.programs.CacheRoot;
import dev.weft.e2e.programs.GoModule;
import dev.weft.e2e.programs.ProgramCache;
import java.nio.file.Path;
import java.util.List;

/** What the conformance tests of Gateway API run in their pods, by the names that their manifests ask for. */
public final class GatewayImages {
    private static final String ECHO = "echo-basic";

    private static final List<String> ECHO_REFERENCES = List.of(
            "registry.k8s.io/gateway-api/echo-basic:v1.5.1",
            "registry.k8s.io/gateway-api/echo-basic:v1.6.0-dev.2",
            "registry.k8s.io/gateway-api/echo-basic:v1.6.0-dev.3");

    /** The server of a UDPRoute. */
    private static final String COREDNS = "registry.k8s.io/coredns/coredns:v1.12.2";

    private final LabImages images;

    public GatewayImages(CacheRoot cache, ProgramCache programs) {
        this.images = new LabImages(cache, programs);
    }

    /** The images' archives. */
    public List<Path> archives() {
        return List.of(
                images.single(ECHO, GoModule.GATEWAY_CONFORMANCE, ECHO, List.of("/" + ECHO), List.of(), ECHO_REFERENCES),
                images.single(
                        "gateway-coredns",
                        GoModule.COREDNS,
                        "coredns",
                        List.of("/coredns"),
                        List.of(),
                        List.of(COREDNS)));
    }
}
