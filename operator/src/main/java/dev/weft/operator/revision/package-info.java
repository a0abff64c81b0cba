/** What a node runs as one unit: image, configuration and pod template, named by their hash. */
@NullMarked
package dev.weft.operator.revision;

import org.jspecify.annotations.NullMarked;
