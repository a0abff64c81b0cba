/** Writes {@code install.yaml} from the manifests and the CRD. */
@NullMarked
package dev.weft.bundle.manifests;

import org.jspecify.annotations.NullMarked;
