/** What the cluster says, as immutable values; the classes that read it stand beside them. */
@NullMarked
package dev.weft.operator.observe;

import org.jspecify.annotations.NullMarked;
