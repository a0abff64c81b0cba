/**
 * The Container Network Interface, specification 1.1, as values: what a runtime asks ({@link
 * dev.weft.cni.protocol.CniRequest}), what it is answered ({@link dev.weft.cni.protocol.CniResult}) and how things fail
 * ({@link dev.weft.cni.protocol.CniException}). Pure; no side effects.
 */
@NullMarked
package dev.weft.cni.protocol;

import org.jspecify.annotations.NullMarked;
