@NullMarked
package dev.weft.bundle.manifests;

import org.jspecify.annotations.NullMarked;
