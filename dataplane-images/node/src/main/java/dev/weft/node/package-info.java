/** The node image: one process that runs a node's part of the network. {@link dev.weft.node.Main} is where it starts. */
@NullMarked
package dev.weft.node;

import org.jspecify.annotations.NullMarked;
