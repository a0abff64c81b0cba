/** How what is known of the cluster becomes what the proxy does: each compiler makes a part, the parts make a Routing. */
@NullMarked
package dev.weft.ingress.compile;

import org.jspecify.annotations.NullMarked;
