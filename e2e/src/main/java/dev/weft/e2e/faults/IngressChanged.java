package dev.weft.e2e.faults;

import dev.weft.e2e.lab.Node;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Requests go through the ingress proxies while the pods behind them come and go, certificates and routes change, and all
 * of Weft moves to another release and back. None of them fails, and every handshake gets a certificate of the host.
 *
 * @param next the release to go to, and back
 */
record IngressChanged(String next) implements Fault {
    /** A second. */
    static final int REQUESTS = 500;

    private static final String NAME = "fault-web";
    private static final String PATH = "/hostname";
    private static final int CHURNS = 4;
    private static final int CERTIFICATES = 10;
    /** Long enough for a few dozen handshakes. */
    private static final Duration SHOWN = Duration.ofSeconds(2);

    private static final Duration STORM = Duration.ofSeconds(20);

    @Override
    public String title() {
        return "ingress while all around it changes";
    }

    @Override
    public void run(Scene scene, Findings findings) {
        IngressProxies.install(scene);
        IngressTarget target = IngressTarget.create(scene, NAME, Pods.PORT);
        List<String> pods = start(scene, target, 0);
        scene.nodes().forEach(node -> target.awaitAnswers(scene, node, PATH));
        WebRequests requests = new WebRequests(scene, findings, target, PATH, REQUESTS);
        requests.during("endpoint churn", () -> churn(scene, target, pods));
        certificates(scene, findings, target, requests);
        RouteStorm storm = new RouteStorm(scene, target);
        requests.during("route storm", () -> storm.run(STORM));
        storm.tell(findings);
        storm.delete();
        requests.during("upgrade to " + next, () -> IngressProxies.upgrade(scene, next));
        String version = scene.release().version();
        requests.during("back to " + version, () -> IngressProxies.upgrade(scene, version));
        target.delete(scene);
        scene.pods().deleteAll();
        IngressProxies.remove(scene);
    }

    /** New pods come, and then those before them go. */
    private static void churn(Scene scene, IngressTarget target, List<String> first) {
        List<String> before = first;
        for (int round = 1; round <= CHURNS; round++) {
            List<String> now = start(scene, target, round);
            before.forEach(pod -> scene.lab()
                    .client()
                    .pods()
                    .inNamespace(Pods.NAMESPACE)
                    .withName(pod)
                    .delete());
            scene.await("the end of the pods before", () -> scene.pods().all().size() == now.size());
            before = now;
        }
    }

    /** One pod on each node; returns their names. */
    private static List<String> start(Scene scene, IngressTarget target, int round) {
        List<String> started = new ArrayList<>();
        for (Node node : scene.nodes()) {
            String pod = "web-" + round + "-" + node.name();
            target.service().start(scene, Pods.graceful(pod, node.name()));
            started.add(pod);
        }
        return started;
    }

    private static void certificates(Scene scene, Findings findings, IngressTarget target, WebRequests requests) {
        CertificateChanges changes = new CertificateChanges();
        // The one that there is may be shown until this is.
        rotate(scene, target, changes);
        WebAnswers seen = requests.during("certificate rotation", () -> {
            for (int i = 0; i < CERTIFICATES; i++) {
                rotate(scene, target, changes);
            }
        });
        findings.expectNone(
                "certificate rotation: each certificate is shown, and no other", changes.strange(seen.certificates()));
        List<Duration> times = changes.untilAll(seen.certificates());
        if (!times.isEmpty()) {
            findings.millis("certificate rotation: p50 until all handshakes get it", times.get(times.size() / 2));
            findings.millis("certificate rotation: longest until all handshakes get it", times.getLast());
        }
    }

    private static void rotate(Scene scene, IngressTarget target, CertificateChanges changes) {
        HostCertificate certificate = HostCertificate.make(target.host());
        changes.add(certificate.serial(), Instant.now());
        target.show(scene, certificate);
        ApiServerAway.rest(SHOWN);
    }
}
