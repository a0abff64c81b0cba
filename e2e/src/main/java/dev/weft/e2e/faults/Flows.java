package dev.weft.e2e.faults;

import dev.weft.e2e.lab.RunningPod;
import java.util.ArrayList;
import java.util.List;

/** Traffic from one pod to another over each family: datagrams, and a long connection. */
record Flows(List<Flow> flows, Background server) {
    static Flows between(Scene scene, RunningPod from, RunningPod to) {
        Background server = Flow.serve(scene.netbench(), to);
        List<Flow> flows = new ArrayList<>();
        for (String address : to.addresses()) {
            String family = address.contains(":") ? "IPv6" : "IPv4";
            for (String protocol : List.of("udp", "tcp")) {
                flows.add(Flow.start(family + " " + protocol, scene.netbench(), from, protocol, address));
            }
        }
        return new Flows(flows, server);
    }

    /** Ends them and tells their figures; what was lost is for the reader to judge, an ended connection is a failure. */
    void stop(Findings findings) {
        flows.forEach(flow -> flow.stop(findings));
        server.end();
    }
}
