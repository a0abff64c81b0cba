/** Takes CNI requests from the shim over a Unix socket ({@link dev.weft.cni.server.CniServer}). */
@NullMarked
package dev.weft.cni.server;

import org.jspecify.annotations.NullMarked;
