package dev.weft.ingress.gateway;

import dev.weft.ingress.cluster.Cluster;
import dev.weft.ingress.cluster.Kinds;
import dev.weft.ingress.gateway.BoundGateway.BoundSet;
import dev.weft.ingress.gateway.api.Gateway;
import dev.weft.ingress.gateway.api.GatewayApi;
import dev.weft.ingress.gateway.api.ListenerSet;
import dev.weft.ingress.gateway.api.ListenerSpec;
import dev.weft.ingress.gateway.api.Meta;
import dev.weft.ingress.route.TlsTermination.ClientAuth;
import dev.weft.kube.ObjectKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Brings Gateways and ListenerSets together, and finds out which of their listeners can be served. */
final class Binding {
    private static final Comparator<ListenerSet> SETS = Comparator.comparing(ListenerSet::meta, Meta.OLDEST_FIRST);

    private final Cluster cluster;
    private final Trust trust;

    Binding(Cluster cluster, Trust trust) {
        this.cluster = cluster;
        this.trust = trust;
    }

    /** @param settings of the Gateway's Service */
    BoundGateway bind(Gateway gateway, ServiceSettings.Read settings, List<ListenerSet> joining) {
        BoundGateway bound = new BoundGateway(gateway, settings.settings(), refused(gateway, settings));
        for (ListenerSpec spec : gateway.listeners()) {
            bound.own.add(new BoundListener(gateway, "Gateway", gateway.meta(), spec));
        }
        for (ListenerSet set : joining.stream().sorted(SETS).toList()) {
            BoundSet member = new BoundSet(set, refused(bound, set));
            if (member.refused.isEmpty()) {
                for (ListenerSpec spec : set.listeners()) {
                    member.listeners.add(new BoundListener(gateway, "ListenerSet", set.meta(), spec));
                }
            }
            bound.sets.put(set.meta().key(), member);
        }
        List<BoundListener> listeners = bound.listeners().toList();
        findConflicts(listeners);
        listeners.forEach(this::resolve);
        findOverlaps(listeners);
        gateway.clientCertificate().ifPresent(ref -> {
            Trust.Found found =
                    trust.certificate(ref, "Gateway", gateway.meta().namespace(), "InvalidClientCertificateRef");
            bound.clientCertificate = found.certificate();
            bound.unresolved = found.problem();
        });
        bound.insecureClients = gateway.clients().stream().anyMatch(Gateway.ClientValidation::insecure)
                || gateway.clientsByPort().values().stream()
                        .flatMap(Optional::stream)
                        .anyMatch(Gateway.ClientValidation::insecure);
        return bound;
    }

    private static Optional<Problem> refused(Gateway gateway, ServiceSettings.Read settings) {
        for (Gateway.Address address : gateway.addresses()) {
            if (!address.type().equals(Gateway.Address.IP)) {
                return Optional.of(new Problem(
                        "UnsupportedAddress", "addresses of type " + address.type() + " are not supported"));
            }
        }
        return settings.problem();
    }

    private Optional<Problem> refused(BoundGateway gateway, ListenerSet set) {
        String own = gateway.gateway.meta().namespace();
        String other = set.meta().namespace();
        if (!gateway.gateway.allowedListeners().allows(own, other, labels(other))) {
            return Optional.of(new Problem(
                    "NotAllowed", "Gateway " + gateway.key() + " takes no ListenerSets of namespace " + other));
        }
        return gateway.refused.map(why -> new Problem("ParentNotAccepted", why.message()));
    }

    Map<String, String> labels(String namespace) {
        return cluster.get(Kinds.NAMESPACES, ObjectKey.of(namespace))
                .map(found -> found.labels())
                .orElse(Map.of());
    }

    /** A listener that comes later gives way: to one of the port that speaks something else, or has the same host. */
    private static void findConflicts(List<BoundListener> listeners) {
        Map<String, List<BoundListener>> byPort = new HashMap<>();
        for (BoundListener listener : listeners) {
            if (listener.protocol == BoundListener.Protocol.UNKNOWN) {
                continue;
            }
            List<BoundListener> before = byPort.computeIfAbsent(
                    listener.protocol.transport() + listener.spec.port(), port -> new ArrayList<>());
            for (BoundListener other : before) {
                if (!listener.protocol.shares(other.protocol) && listener.protocol != other.protocol) {
                    listener.conflicts(new Problem(
                            "ProtocolConflict",
                            name(other) + " speaks " + other.spec.protocol() + " on port " + listener.spec.port()));
                } else if (listener.spec.hostname().equals(other.spec.hostname())) {
                    listener.conflicts(
                            new Problem("HostnameConflict", name(other) + " has the same port, protocol and host"));
                }
            }
            if (!listener.isConflicted()) {
                before.add(listener);
            }
        }
    }

    private static String name(BoundListener listener) {
        return "listener " + listener.spec.name() + " of " + listener.ownerKind + " " + listener.owner.key();
    }

    private void resolve(BoundListener listener) {
        if (!listener.terminates()) {
            return;
        }
        String namespace = listener.owner.namespace();
        for (var ref : listener.spec.tls().map(ListenerSpec.Tls::certificates).orElse(List.of())) {
            Trust.Found found = trust.certificate(ref, listener.ownerKind, namespace, "InvalidCertificateRef");
            found.certificate().ifPresent(listener.certificates::add);
            found.problem().ifPresent(listener::unresolved);
        }
        if (listener.certificates.isEmpty()) {
            listener.unresolved(new Problem("InvalidCertificateRef", "there is no certificateRef"));
        }
        if (listener.protocol == BoundListener.Protocol.HTTPS) {
            listener.gateway.clients(listener.spec.port()).ifPresent(clients -> resolve(listener, clients));
        }
    }

    private void resolve(BoundListener listener, Gateway.ClientValidation clients) {
        Trust.Authorities found = trust.authorities(
                clients.authorities(),
                "Gateway",
                listener.gateway.meta().namespace(),
                "InvalidCACertificateRef",
                "InvalidCACertificateKind");
        found.problem().ifPresent(listener::unresolved);
        if (found.pem().isEmpty()) {
            listener.refuse(new Problem(
                    "NoValidCACertificate",
                    found.problem().map(Problem::message).orElse("there is no caCertificateRef")));
        } else {
            listener.clients = Optional.of(new ClientAuth(
                    found.pem(),
                    clients.insecure() ? ClientAuth.Mode.UNVERIFIED : ClientAuth.Mode.HANDSHAKE,
                    10,
                    false));
        }
    }

    /** HTTP/2 clients use a connection for every host that its certificate is for, also those of another listener. */
    private static void findOverlaps(List<BoundListener> listeners) {
        List<BoundListener> https = listeners.stream()
                .filter(listener -> listener.protocol == BoundListener.Protocol.HTTPS && listener.isAccepted())
                .toList();
        for (BoundListener one : https) {
            one.overlaps = https.stream()
                    .anyMatch(other -> other != one
                            && other.spec.port() == one.spec.port()
                            && Hosts.common(Hosts.pattern(one.spec.hostname()), Hosts.pattern(other.spec.hostname()))
                                    .isPresent());
        }
    }

    /** Whether a listener set or route wants to attach to an object of ours. */
    static boolean isGateway(String group, String kind) {
        return group.equals(GatewayApi.GROUP) && kind.equals("Gateway");
    }
}
