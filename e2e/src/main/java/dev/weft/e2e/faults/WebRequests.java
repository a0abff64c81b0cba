package dev.weft.e2e.faults;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.e2e.lab.LabException;
import dev.weft.e2e.lab.Node;
import java.time.Duration;
import java.util.List;

/**
 * Requests from all nodes through the ingress proxies: plain, by TLS and by HTTP/2, on connections that are kept and on new
 * ones, at a steady rate.
 *
 * @param path what is asked for
 * @param perSecond of all nodes together
 */
record WebRequests(Scene scene, Findings findings, IngressTarget target, String path, int perSecond) {
    /** One in so many is on a connection of its own. */
    private static final int FRESH = 5;

    /** Before and after what is done, so that a gap shows. */
    private static final Duration MARGIN = Duration.ofSeconds(3);

    /** Asks while something is done; nothing may fail. */
    WebAnswers during(String what, Runnable work) {
        scene.step("  " + what);
        List<Background> running = scene.nodes().stream().map(this::start).toList();
        ApiServerAway.rest(MARGIN);
        try {
            findings.millis(what + ": took", Scene.timed(work));
        } catch (LabException e) {
            findings.failed(what + ": " + e.getMessage());
        }
        ApiServerAway.rest(MARGIN);
        List<JsonNode> seen = running.stream().map(Background::stop).toList();
        WebAnswers answers = WebAnswers.of(seen);
        tell(what, answers);
        return answers;
    }

    private Background start(Node node) {
        double ofNode = (double) perSecond / scene.nodes().size();
        return Background.start(
                "requests",
                node,
                scene.netbench()
                        .command(
                                "requests",
                                "--to",
                                String.join(",", target.addresses(scene, "http")),
                                "--tls-to",
                                String.join(",", target.addresses(scene, "https")),
                                "--host",
                                target.host(),
                                "--path",
                                path,
                                "--rate",
                                String.valueOf(ofNode * (FRESH - 1) / FRESH),
                                "--fresh",
                                String.valueOf(ofNode / FRESH)));
    }

    private void tell(String what, WebAnswers answers) {
        findings.figure(what + ": requests", answers.asked(), "");
        findings.figure(what + ": requests a second", answers.asked() / answers.seconds(), "1/s");
        findings.figure(what + ": slowest answer", answers.slowestMillis(), "ms");
        findings.figure(what + ": kept connections that an answer ended", answers.dismissed(), "");
        findings.figure(what + ": sent on another connection, since theirs had ended", answers.again(), "");
        findings.expect(
                what + ": all kinds of requests are asked",
                answers.kinds().size() == 5 && answers.kinds().stream().allMatch(kind -> kind.asked() > 10),
                answers.toString());
        findings.expectNone(what + ": no request fails", answers.failures());
    }
}
