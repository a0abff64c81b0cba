package dev.weft.ingress.gateway.api;

import dev.weft.kube.Decoder;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A TLSRoute, TCPRoute or UDPRoute: their only rule is where they lead.
 *
 * @param hostnames of TLSRoutes
 * @param backends of the first rule
 */
public record StreamRoute(
        String kind,
        Meta meta,
        List<ParentRef> parents,
        List<String> hostnames,
        List<BackendRef> backends,
        Map<String, Object> status)
        implements Route {
    public StreamRoute {
        parents = List.copyOf(parents);
        hostnames = List.copyOf(hostnames);
        backends = List.copyOf(backends);
        status = Map.copyOf(status);
    }

    @Override
    public boolean saysAs(Route before) {
        return before instanceof StreamRoute that
                && kind.equals(that.kind)
                && meta.isOf(that.meta)
                && parents.equals(that.parents)
                && hostnames.equals(that.hostnames)
                && backends.equals(that.backends);
    }

    static Decoder<StreamRoute> decoder(String kind) {
        return SpecDraft.of((meta, spec, status) -> new StreamRoute(
                kind,
                meta,
                ParentRef.list(spec),
                spec.strings("hostnames").stream()
                        .map(name -> name.toLowerCase(Locale.ROOT))
                        .toList(),
                spec.array("rules").stream().findFirst().map(BackendRef::list).orElse(List.of()),
                status));
    }
}
