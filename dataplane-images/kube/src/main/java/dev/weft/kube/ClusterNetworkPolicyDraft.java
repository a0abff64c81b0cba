package dev.weft.kube;

import dev.weft.kube.ClusterNetworkPolicy.Rule;
import dev.weft.kube.ClusterNetworkPolicy.Subject;
import dev.weft.kube.ClusterNetworkPolicy.Tier;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads a ClusterNetworkPolicy (policy.networking.k8s.io/v1alpha2). */
final class ClusterNetworkPolicyDraft implements Decoder.Draft<ClusterNetworkPolicy> {
    private final List<ClusterRuleDraft> ingress = new ArrayList<>();
    private final List<ClusterRuleDraft> egress = new ArrayList<>();
    private String tier = "";
    private int priority;
    private Optional<Subject> subject = Optional.empty();

    @Override
    public void field(String name, JsonInput in) throws KubeException {
        if (name.equals("spec")) {
            in.object(this::spec);
        }
    }

    private void spec(String name, JsonInput in) throws KubeException {
        switch (name) {
            case "tier" -> tier = in.string();
            case "priority" -> priority = in.integer();
            case "subject" -> subject = subject(in);
            case "ingress" -> in.array(item -> ingress.add(ClusterRuleDraft.read(item, "from")));
            case "egress" -> in.array(item -> egress.add(ClusterRuleDraft.read(item, "to")));
            default -> {}
        }
    }

    private static Optional<Subject> subject(JsonInput in) throws KubeException {
        List<Optional<Subject>> said = new ArrayList<>(1);
        in.object((name, value) -> said.add(
                switch (name) {
                    case "namespaces" ->
                        ClusterPeerDraft.selector(value)
                                .map(namespaces -> new Subject(namespaces, LabelSelector.EVERYTHING));
                    case "pods" ->
                        ClusterPeerDraft.pods(value).map(pods -> new Subject(pods.namespaces(), pods.pods()));
                    default -> Optional.empty();
                }));
        return said.size() == 1 ? said.getFirst() : Optional.empty();
    }

    /** A tier that is not known could be before or behind any other: its rules are the first, and fail closed. */
    @Override
    public ClusterNetworkPolicy finish(ObjectMeta meta) {
        List<String> faults = new ArrayList<>();
        boolean known = tier.equals(Tier.ADMIN.toString()) || tier.equals(Tier.BASELINE.toString());
        if (!known) {
            faults.add("tier \"" + tier + "\" is not known: its rules are taken for such that cannot be read");
        }
        if (subject.isEmpty()) {
            faults.add("the subject cannot be read: the policy applies to no pod");
        }
        return new ClusterNetworkPolicy(
                meta.name().isEmpty() ? "?" : meta.name(),
                meta.uid(),
                tier.equals(Tier.BASELINE.toString()) ? Tier.BASELINE : Tier.ADMIN,
                priority,
                subject,
                rules(ingress, "ingress", known, faults),
                rules(egress, "egress", known, faults),
                faults);
    }

    private static List<Rule> rules(
            List<ClusterRuleDraft> drafts, String direction, boolean known, List<String> faults) {
        List<Rule> rules = new ArrayList<>(drafts.size());
        for (ClusterRuleDraft draft : drafts) {
            rules.add(draft.rule(direction + " rule " + (rules.size() + 1), known, faults));
        }
        return rules;
    }
}
