package dev.weft.e2e.faults;

import dev.weft.api.ComponentStatus;
import dev.weft.e2e.lab.NodeName;
import java.util.Optional;

/**
 * Ingress is asked for, answers, is rolled over without losing a request, and goes without a trace.
 *
 * @param perSecond requests meanwhile; what proxies that were just started cannot keep up with counts as failed
 */
record IngressKept(int perSecond) implements Fault {
    private static final String NAME = "fault-ingress";
    private static final String PATH = "/hostname";

    @Override
    public String title() {
        return "ingress";
    }

    @Override
    public void run(Scene scene, Findings findings) {
        IngressProxies.install(scene);
        IngressTarget target = IngressTarget.create(scene, NAME, Pods.PORT);
        NodeName node = scene.node(1).name();
        target.service().start(scene, NAME, node);
        scene.nodes()
                .forEach(from -> findings.millis(
                        "from " + from.name() + ": first answers",
                        Scene.timed(() -> target.awaitAnswers(scene, from, PATH))));
        WebRequests requests = new WebRequests(scene, findings, target, PATH, perSecond);
        requests.during("rolling restart of the proxies", () -> IngressProxies.rollOver(scene));
        Optional<ComponentStatus> status = scene.weft().resource().stream()
                .flatMap(cn -> cn.status().components().stream())
                .filter(c -> c.name().equals("ingress"))
                .findFirst();
        findings.expect(
                "the status counts the proxies",
                status.filter(c -> c.desired() == 2 && c.ready() == 2).isPresent(),
                status.toString());
        target.delete(scene);
        scene.pods().deleteAll();
        findings.millis("gone after", IngressProxies.remove(scene));
    }
}
