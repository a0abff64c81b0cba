package dev.weft.operator.dns;

import dev.weft.api.ClusterNetworkSpec;
import dev.weft.api.EffectiveDnsStatus;
import dev.weft.api.ManagementState;
import dev.weft.operator.observe.NodeInfo;
import dev.weft.operator.observe.Observed;
import dev.weft.operator.servers.ServerRelease;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Who answers DNS queries, why, and what is to be done about it.
 *
 * @param state what holds: Managed, also where the spec says nothing and Weft serves
 * @param version of the servers
 * @param from where the choice came from, for people
 * @param objects that should exist
 * @param keep whether objects of the servers that are not among these are left alone
 * @param back how far the Service that Weft took over is on its way back
 * @param rolledBack why what ran before is to run again, if that was found right now
 * @param notes what people should know, one sentence each
 * @param problems what keeps it from serving as it should
 */
public record DnsChoice(
        ManagementState state,
        String version,
        String from,
        List<HasMetadata> objects,
        boolean keep,
        ServiceReturn back,
        Optional<String> rolledBack,
        List<String> notes,
        List<String> problems,
        EffectiveDnsStatus effective,
        List<Source> sources) {

    /** Where a value came from, for people. */
    public record Source(String field, String from) {}

    public DnsChoice {
        objects = List.copyOf(objects);
        notes = List.copyOf(notes);
        problems = List.copyOf(problems);
        sources = List.copyOf(sources);
    }

    /** Whether Weft's servers run, or are to. */
    public boolean serving() {
        return !objects.isEmpty();
    }

    /** The same with objects made other ones. */
    public DnsChoice withObjects(UnaryOperator<HasMetadata> change) {
        return new DnsChoice(
                state,
                version,
                from,
                objects.stream().map(change).toList(),
                keep,
                back,
                rolledBack,
                notes,
                problems,
                effective,
                sources);
    }

    DnsChoice rolledBack(Optional<String> why) {
        return new DnsChoice(state, version, from, objects, keep, back, why, notes, problems, effective, sources);
    }

    /**
     * @param nodes those that have the pod network
     * @param release what servers there should be
     */
    public static DnsChoice of(
            ClusterNetworkSpec spec, Observed observed, List<NodeInfo> nodes, ServerRelease release) {
        return new DnsChoosing(spec, observed, nodes, release).choose();
    }
}
