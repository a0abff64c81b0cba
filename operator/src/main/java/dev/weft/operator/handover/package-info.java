/** Who serves Services on a node, while that passes from kube-proxy to Weft or back. Pure. */
@NullMarked
package dev.weft.operator.handover;

import org.jspecify.annotations.NullMarked;
