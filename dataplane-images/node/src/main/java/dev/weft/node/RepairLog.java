package dev.weft.node;

import dev.weft.agent.Log;
import dev.weft.agent.TimeSource;
import dev.weft.kube.EventNote;
import dev.weft.kube.EventRecorder;
import dev.weft.kube.ObjectReference;
import java.util.List;

/** Tells people, in all places where they look, what somebody else had changed and the agent put back. */
final class RepairLog {
    private static final Log LOG = Log.of("repair");

    /** One Event for a whole incident is read; a hundred are not. */
    private static final int NAMED = 3;

    private final Repairs repairs;
    private final EventRecorder events;
    private final TimeSource time;
    private final ObjectReference node;

    RepairLog(Repairs repairs, EventRecorder events, TimeSource time, String node) {
        this.repairs = repairs;
        this.events = events;
        this.time = time;
        this.node = ObjectReference.node(node);
    }

    /** Any thread. */
    void restored(List<String> what) {
        if (what.isEmpty()) {
            return;
        }
        for (String thing : what) {
            LOG.warn("restored", "what", thing);
            repairs.add(time.now(), thing);
        }
        String named = String.join("; ", what.subList(0, Math.min(NAMED, what.size())));
        String more = what.size() > NAMED ? "; and " + (what.size() - NAMED) + " more" : "";
        events.record(new EventNote(true, node, "Restored", "Repair", "Restored: " + named + more));
    }

    /** Something that the user should change. */
    void advise(String reason, String message) {
        LOG.warn("configuration", "what", message);
        events.record(new EventNote(true, node, reason, "Configure", message));
    }
}
