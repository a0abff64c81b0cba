/** What is known of the cluster at one moment, as both compilers read it. */
@NullMarked
package dev.weft.ingress.cluster;

import org.jspecify.annotations.NullMarked;
