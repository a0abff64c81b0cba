/** Writes the container images as OCI archives, without a registry or a daemon, the same bytes for the same sources. */
@NullMarked
package dev.weft.bundle.images;

import org.jspecify.annotations.NullMarked;
