package dev.weft.dns.cluster;

import dev.weft.kube.Decoder;
import dev.weft.kube.JsonInput;
import dev.weft.kube.KindSpec;
import dev.weft.kube.ObjectMeta;
import java.util.Map;

/** The kinds that are watched. */
public final class Kinds {
    private static final Decoder<String> NAME = () -> new Decoder.Draft<String>() {
        @Override
        public void field(String field, JsonInput in) {
            // The name is all that matters; the reader skips what is not read.
        }

        @Override
        public String finish(ObjectMeta meta) {
            return meta.name();
        }
    };

    private Kinds() {}

    public static KindSpec<Service> services() {
        return new KindSpec<>("Service", "/api/v1/services", "", "", ServiceDraft::new);
    }

    public static KindSpec<EndpointSlice> endpointSlices() {
        return new KindSpec<>(
                "EndpointSlice", "/apis/discovery.k8s.io/v1/endpointslices", "", "", EndpointSliceDraft::new);
    }

    /** Names of namespaces. */
    public static KindSpec<String> namespaces() {
        return new KindSpec<>("Namespace", "/api/v1/namespaces", "", "", NAME);
    }

    public static KindSpec<PodAddresses> pods() {
        return new KindSpec<>("Pod", "/api/v1/pods", "", "", PodDraft::new);
    }

    /** How to read files of objects. */
    public static Map<String, Decoder<?>> decoders() {
        return Map.of(
                "Service", (Decoder<Service>) ServiceDraft::new,
                "EndpointSlice", (Decoder<EndpointSlice>) EndpointSliceDraft::new,
                "Namespace", NAME,
                "Pod", (Decoder<PodAddresses>) PodDraft::new);
    }
}
