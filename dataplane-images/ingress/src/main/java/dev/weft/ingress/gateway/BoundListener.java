package dev.weft.ingress.gateway;

import dev.weft.ingress.gateway.api.Gateway;
import dev.weft.ingress.gateway.api.GatewayApi;
import dev.weft.ingress.gateway.api.ListenerSpec;
import dev.weft.ingress.gateway.api.Meta;
import dev.weft.ingress.route.Certificate;
import dev.weft.ingress.route.TlsTermination.ClientAuth;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A listener of a Gateway, its own or that of a ListenerSet, while it is found out what it does. */
final class BoundListener {
    /** What is spoken. */
    enum Protocol {
        HTTP(List.of("HTTPRoute", "GRPCRoute")),
        HTTPS(List.of("HTTPRoute", "GRPCRoute")),
        TLS(List.of("TLSRoute")),
        TCP(List.of("TCPRoute")),
        UDP(List.of("UDPRoute")),
        /** Somebody else's. */
        UNKNOWN(List.of());

        @SuppressWarnings("ImmutableEnumChecker") // made by List.of
        private final List<String> kinds;

        Protocol(List<String> kinds) {
            this.kinds = kinds;
        }

        static Protocol of(String name) {
            return switch (name) {
                case "HTTP" -> HTTP;
                case "HTTPS" -> HTTPS;
                case "TLS" -> TLS;
                case "TCP" -> TCP;
                case "UDP" -> UDP;
                default -> UNKNOWN;
            };
        }

        /** Whether two listeners of one port can be told apart by host: HTTP by the request's, TLS by the handshake's. */
        boolean shares(Protocol other) {
            return this == other ? this != TCP && this != UDP : isTls() && other.isTls();
        }

        boolean isTls() {
            return this == HTTPS || this == TLS;
        }

        String transport() {
            return this == UDP ? "UDP" : "TCP";
        }
    }

    final Gateway gateway;
    final String ownerKind;
    final Meta owner;
    final ListenerSpec spec;
    final Protocol protocol;
    final List<String> kinds;
    final boolean invalidKinds;

    final List<Certificate> certificates = new ArrayList<>();
    /** The oldest of a kind first. */
    Attached.ToListener attached = Attached.ToListener.NOTHING;

    Optional<ClientAuth> clients = Optional.empty();
    boolean overlaps;
    private Optional<Problem> conflict = Optional.empty();
    private Optional<Problem> refused = Optional.empty();
    private Optional<Problem> unresolved = Optional.empty();

    BoundListener(Gateway gateway, String ownerKind, Meta owner, ListenerSpec spec) {
        this.gateway = gateway;
        this.ownerKind = ownerKind;
        this.owner = owner;
        this.spec = spec;
        this.protocol = Protocol.of(spec.protocol());
        this.kinds = spec.kinds().isEmpty()
                ? protocol.kinds
                : protocol.kinds.stream()
                        .filter(kind -> spec.kinds().contains(new ListenerSpec.RouteKind(GatewayApi.GROUP, kind)))
                        .toList();
        this.invalidKinds = spec.kinds().stream()
                .anyMatch(kind -> !kind.group().equals(GatewayApi.GROUP) || !protocol.kinds.contains(kind.kind()));
        if (protocol == Protocol.UNKNOWN) {
            refuse(new Problem("UnsupportedProtocol", "protocol " + spec.protocol() + " is not supported"));
        } else if (invalidKinds) {
            unresolved = Optional.of(new Problem(
                    "InvalidRouteKinds",
                    "listeners of protocol " + spec.protocol() + " take " + String.join(" and ", protocol.kinds)));
        }
    }

    boolean isPassthrough() {
        return protocol == Protocol.TLS
                && spec.tls().map(ListenerSpec.Tls::passthrough).orElse(false);
    }

    boolean terminates() {
        return protocol.isTls() && !isPassthrough();
    }

    /** It is not served, and says so in all its conditions. */
    void conflicts(Problem with) {
        conflict = conflict.or(() -> Optional.of(with));
    }

    void refuse(Problem why) {
        refused = refused.or(() -> Optional.of(why));
    }

    /** A reference that leads nowhere; that of kinds is told before that of certificates. */
    void unresolved(Problem why) {
        unresolved = unresolved.or(() -> Optional.of(why));
    }

    boolean isAccepted() {
        return conflict.isEmpty() && refused.isEmpty();
    }

    boolean isConflicted() {
        return conflict.isPresent();
    }

    boolean isResolved() {
        return unresolved.isEmpty();
    }

    /** Whether there is something that can be served. */
    boolean isUsable() {
        return isAccepted() && !(terminates() && certificates.isEmpty());
    }

    int attachedRoutes() {
        return attached.http().size() + attached.streams().size();
    }

    /** @param programmed whether the port is open in front of the proxies */
    List<Condition> conditions(boolean programmed) {
        List<Condition> conditions = new ArrayList<>();
        Optional<Problem> problem = conflict.or(() -> refused);
        conditions.add(problem.map(p -> p.as("Accepted")).orElseGet(() -> Condition.yes("Accepted")));
        if (problem.isPresent()) {
            conditions.add(
                    conflict.isPresent()
                            ? conflict.get().as("Programmed")
                            : Condition.no(
                                    "Programmed", "Invalid", problem.get().message()));
        } else if (!isUsable()) {
            conditions.add(Condition.no(
                    "Programmed", "Invalid", unresolved.map(Problem::message).orElse("there is no certificate")));
        } else {
            conditions.add(
                    programmed
                            ? Condition.yes("Programmed")
                            : Condition.no("Programmed", "Pending", "the Gateway has no address yet"));
        }
        conditions.add(unresolved.map(p -> p.as("ResolvedRefs")).orElseGet(() -> Condition.yes("ResolvedRefs")));
        conditions.add(
                conflict.isPresent()
                        ? new Condition(
                                "Conflicted",
                                true,
                                conflict.get().reason(),
                                conflict.get().message())
                        : Condition.no("Conflicted", "NoConflicts", ""));
        if (overlaps) {
            conditions.add(new Condition(
                    "OverlappingTLSConfig",
                    true,
                    "OverlappingHostnames",
                    "another listener of the port has hosts of this one; requests that come by a connection for the other"
                            + " are answered 421"));
        }
        return conditions;
    }
}
