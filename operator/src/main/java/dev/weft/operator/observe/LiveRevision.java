package dev.weft.operator.observe;

import dev.weft.operator.revision.Revision;

/**
 * A revision that the cluster keeps.
 *
 * @param stable whether nodes without a pin run it
 * @param deployed whether its DaemonSet exists
 */
public record LiveRevision(Revision revision, boolean stable, boolean deployed) {
    public String name() {
        return revision.name();
    }
}
