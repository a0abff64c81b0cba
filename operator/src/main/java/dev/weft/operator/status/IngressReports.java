package dev.weft.operator.status;

import dev.weft.operator.observe.IngressServers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What ingress proxies say is not well, in sentences that name them. Only what has lasted for longer than
 * {@link Health#GRACE}.
 *
 * @param problems what keeps requests from being served as they should be
 * @param notes what people should know
 */
record IngressReports(List<String> problems, List<String> notes) {
    private static final int UNSUPPORTED = 3;

    static IngressReports of(IngressServers servers, Instant now) {
        List<String> problems = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        List<String> unsupported = new ArrayList<>();
        LastingTroubles.of(servers.troubles(), now).alike().forEach((subject, told) -> {
            String detail = told.getFirst().detail();
            String who = " (" + LastingTroubles.pods(servers.pods(), told) + ")";
            switch (subject.kind()) {
                case CONFIG_REFUSED ->
                    problems.add("the ingress configuration is not taken, the one before stays: " + detail + who);
                case UNSUPPORTED -> unsupported.add(subject.name() + " (" + detail + ")");
                case SILENT -> notes.add("an ingress proxy does not tell how it is: " + detail + who);
                case LOOP, UPSTREAM_DOWN -> {}
            }
        });
        if (!unsupported.isEmpty()) {
            int more = unsupported.size() - UNSUPPORTED;
            notes.addFirst("not supported and left out: "
                    + String.join(", ", unsupported.subList(0, Math.min(UNSUPPORTED, unsupported.size())))
                    + (more > 0 ? " and " + more + " more" : "")
                    + "; Events of the Ingresses tell each");
        }
        return new IngressReports(problems, notes);
    }
}
