/**
 * Probes of the pod network: each node asks a few others for an answer, from pod address to pod address over the same
 * links and routes that pods use, with small packets and with the largest that should pass.
 */
@NullMarked
package dev.weft.cni.probe;

import org.jspecify.annotations.NullMarked;
