/**
 * Routes between nodes: what the kernel of a node must hold so that its pods reach those of the others.
 *
 * <p>{@link dev.weft.cni.routes.NodeNetwork} (pure) makes the {@link dev.weft.cni.routes.NodeState} wanted from the
 * configuration and the nodes; {@link dev.weft.cni.routes.StateDiff} (pure) compares it with a kernel dump.
 */
@NullMarked
package dev.weft.cni.routes;

import org.jspecify.annotations.NullMarked;
