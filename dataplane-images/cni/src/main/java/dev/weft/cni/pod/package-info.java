/**
 * Pods on this node: their links ({@link dev.weft.cni.pod.PodLinks}) and the CNI verbs over links, leases and host
 * ports ({@link dev.weft.cni.pod.PodNetwork}).
 */
@NullMarked
package dev.weft.cni.pod;

import org.jspecify.annotations.NullMarked;
