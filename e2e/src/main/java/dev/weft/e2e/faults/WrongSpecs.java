package dev.weft.e2e.faults;

import dev.weft.e2e.process.CommandFailedException;
import java.util.List;

/** Specs that cannot be right are refused with a sentence that says what to do. */
record WrongSpecs() implements Fault {
    /**
     * @param spec as JSON or YAML in flow style
     * @param sentence a part of what kubectl is to print
     */
    private record Wrong(String name, String resource, String spec, String sentence) {}

    private static final List<Wrong> WRONG = List.of(
            new Wrong("unknown mode", "default", "{podNetwork: {routing: Geneve}}", "routing must be VXLAN"),
            new Wrong("host bits", "default", "{podNetwork: {cidrs: [10.244.0.1/16]}}", "a prefix without host bits"),
            new Wrong(
                    "overlapping prefixes",
                    "default",
                    "{podNetwork: {cidrs: [10.244.0.0/16, 10.244.128.0/17]}}",
                    "at most one IPv4 and one IPv6 prefix"),
            new Wrong("second ClusterNetwork", "other", "{}", "set metadata.name to 'default'"),
            new Wrong("MTU", "default", "{podNetwork: {mtu: 100}}", "between 576 and 65535"),
            new Wrong("version", "default", "{version: v1}", "semantic version without a leading v"),
            new Wrong("VNI", "default", "{podNetwork: {vxlan: {vni: 0}}}", "between 1 and 16777215"),
            new Wrong(
                    "registry with a scheme",
                    "default",
                    "{images: {registry: 'https://registry.example'}}",
                    "takes no scheme"),
            new Wrong(
                    "routing of a running network",
                    "default",
                    "{podNetwork: {routing: Direct}}",
                    "cannot change while it runs"),
            new Wrong("unknown field", "default", "{podNetwrk: {}}", "unknown field"));

    @Override
    public String title() {
        return "wrong specs";
    }

    @Override
    public void run(Scene scene, Findings findings) {
        WRONG.forEach(wrong -> {
            String sentence = refusal(scene, wrong.resource(), wrong.spec(), wrong.sentence());
            findings.note(wrong.name(), sentence);
            findings.expect(
                    wrong.name() + " is refused with a sentence",
                    sentence.contains(wrong.sentence()),
                    sentence.isEmpty() ? "it was accepted" : "kubectl says: " + sentence);
        });
    }

    /**
     * Prefixes that overlap those of Services are known to the operator only: it refuses them by a condition and applies
     * nothing. For a cluster where Weft's operator is, and no ClusterNetwork.
     */
    static void overlapWithServices(Scene scene, Findings findings) {
        scene.weft().apply("{podNetwork: {cidrs: [10.0.0.0/8]}}");
        scene.await("the refusal", () -> scene.condition("Ready").contains("overlaps the Service range"));
        findings.note("overlap with Services", scene.condition("Ready"));
        findings.expect(
                "nothing is applied for a spec that is refused",
                scene.lab()
                        .client()
                        .apps()
                        .daemonSets()
                        .inNamespace("weft-system")
                        .list()
                        .getItems()
                        .isEmpty(),
                "there is a DaemonSet");
        scene.kubectl().run("delete", "cn", "default", "--timeout=120s");
    }

    /** What kubectl prints, or nothing if the resource was accepted. */
    private static String refusal(Scene scene, String name, String spec, String sentence) {
        try {
            scene.kubectl().apply("""
                    apiVersion: weft.dev/v1alpha1
                    kind: ClusterNetwork
                    metadata: {name: %s}
                    spec: %s
                    """.formatted(name, spec));
            return "";
        } catch (CommandFailedException e) {
            String output = String.valueOf(e.getMessage()).replaceFirst("(?s)^.*? failed with code \\d+: ", "");
            // kubectl prints the whole object before some sentences, and tells of checks that it left out after others.
            return output.lines()
                    .filter(line -> line.contains(sentence))
                    .findFirst()
                    .orElse(output);
        }
    }
}
