/** Container images without a registry: OCI archives, written here and imported into every node. */
@NullMarked
package dev.weft.e2e.images;

import org.jspecify.annotations.NullMarked;
