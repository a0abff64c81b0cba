package dev.weft.ingress.gateway;

import dev.weft.ingress.gateway.GatewayStatus.OfParent;
import dev.weft.ingress.gateway.GatewayStatus.OfParents;
import dev.weft.ingress.gateway.api.BackendTlsPolicy;
import dev.weft.ingress.gateway.api.GatewayApi;
import dev.weft.ingress.gateway.api.Meta;
import dev.weft.ingress.gateway.api.ParentRef;
import dev.weft.ingress.route.Certificate;
import dev.weft.ingress.route.UpstreamTls;
import dev.weft.kube.ObjectKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** BackendTLSPolicies: which one counts for a port of a Service, and what they say of themselves. */
final class TlsPolicies {
    /**
     * What a policy is for.
     *
     * @param section name of a port; empty for all
     */
    private record Target(ObjectKey service, String section) {}

    /**
     * A policy that counts.
     *
     * @param broken whether it cannot be followed: then nothing is sent to the backend, rather than in the clear
     */
    record Applied(Optional<UpstreamTls> tls, boolean broken) {}

    /** What a policy says of its references. */
    private record Checked(String authorities, Optional<Problem> refused, Optional<Problem> unresolved) {}

    /** A status has no room for more (PolicyStatus). */
    private static final int MOST_ANCESTORS = 16;

    private final List<BackendTlsPolicy> policies;
    private final Map<Target, BackendTlsPolicy> chosen = new HashMap<>();
    private final Map<ObjectKey, Checked> checked = new HashMap<>();
    private final Set<ObjectKey> targeted = new HashSet<>();
    private final Map<ObjectKey, Set<ObjectKey>> users = new HashMap<>();

    TlsPolicies(Collection<BackendTlsPolicy> all, Trust trust) {
        policies = all.stream()
                .sorted(Comparator.comparing(BackendTlsPolicy::meta, Meta.OLDEST_FIRST))
                .toList();
        for (BackendTlsPolicy policy : policies) {
            checked.put(policy.meta().key(), check(policy, trust));
            targets(policy).forEach(target -> {
                chosen.putIfAbsent(target, policy);
                targeted.add(target.service());
            });
        }
    }

    private static Stream<Target> targets(BackendTlsPolicy policy) {
        return policy.targets().stream()
                .filter(target -> target.group().isEmpty()
                        && target.kind().equals("Service")
                        && !target.name().isEmpty())
                .map(target ->
                        new Target(new ObjectKey(policy.meta().namespace(), target.name()), target.sectionName()));
    }

    private static Checked check(BackendTlsPolicy policy, Trust trust) {
        if (policy.authorities().isEmpty()) {
            boolean system = policy.wellKnown().equals("System");
            return new Checked(
                    "",
                    system
                            ? Optional.empty()
                            : Optional.of(new Problem(
                                    "Invalid",
                                    "wellKnownCACertificates '" + policy.wellKnown() + "' is not supported")),
                    Optional.empty());
        }
        Trust.Authorities found = trust.authorities(
                policy.authorities(),
                "BackendTLSPolicy",
                policy.meta().namespace(),
                "InvalidCACertificateRef",
                "InvalidKind");
        Optional<Problem> refused = found.pem().isEmpty()
                ? found.problem().map(problem -> new Problem("NoValidCACertificate", problem.message()))
                : Optional.empty();
        return new Checked(found.pem(), refused, found.problem());
    }

    /**
     * What counts for a port, that of its name before that of the whole Service; and takes note of who asks.
     *
     * @param client what the proxy shows of itself
     */
    Optional<Applied> find(ObjectKey service, String portName, ObjectKey gateway, Optional<Certificate> client) {
        if (!targeted.contains(service)) {
            return Optional.empty();
        }
        users.computeIfAbsent(service, key -> new TreeSet<>()).add(gateway);
        BackendTlsPolicy policy = portName.isEmpty() ? null : chosen.get(new Target(service, portName));
        if (policy == null) {
            policy = chosen.get(new Target(service, ""));
        }
        if (policy == null) {
            return Optional.empty();
        }
        Checked state = checked.get(policy.meta().key());
        if (state == null || state.refused().isPresent()) {
            return Optional.of(new Applied(Optional.empty(), true));
        }
        UpstreamTls tls =
                new UpstreamTls(policy.hostname(), true, state.authorities(), policy.subjectAltNames(), client);
        return Optional.of(new Applied(Optional.of(tls), false));
    }

    /** Once all have asked: for each Gateway that leads to what a policy is for. */
    List<GatewayStatus> statuses() {
        List<GatewayStatus> statuses = new ArrayList<>();
        for (BackendTlsPolicy policy : policies) {
            Set<ObjectKey> gateways = new TreeSet<>();
            targets(policy).forEach(target -> gateways.addAll(users.getOrDefault(target.service(), Set.of())));
            List<Condition> conditions = conditions(policy);
            statuses.add(new GatewayStatus(
                    GatewayApi.BACKEND_TLS_POLICY,
                    policy.meta(),
                    policy.status(),
                    new OfParents(gateways.stream()
                            .limit(MOST_ANCESTORS)
                            .map(gateway -> new OfParent(
                                    new ParentRef(
                                            GatewayApi.GROUP, "Gateway", gateway.namespace(), gateway.name(), "", 0),
                                    conditions))
                            .toList())));
        }
        return statuses;
    }

    private List<Condition> conditions(BackendTlsPolicy policy) {
        Checked state = checked.get(policy.meta().key());
        Optional<Problem> refused = state == null ? Optional.empty() : state.refused();
        if (targets(policy).noneMatch(target -> policy.equals(chosen.get(target)))) {
            refused = Optional.of(new Problem("Conflicted", "an older policy is for the same"));
        }
        Optional<Problem> unresolved = state == null ? Optional.empty() : state.unresolved();
        return List.of(
                refused.map(p -> p.as("Accepted")).orElseGet(() -> Condition.yes("Accepted")),
                unresolved.map(p -> p.as("ResolvedRefs")).orElseGet(() -> Condition.yes("ResolvedRefs")));
    }
}
