/**
 * What the operator and the node agent say to each other: {@link dev.weft.config.NodeConfig} downwards, a file in the
 * node pod, and {@link dev.weft.config.NodeStatus} upwards, served by the agent over HTTP. Both are JSON and both ends
 * ignore fields they do not know, so that releases N-1 and N can be mixed.
 */
@NullMarked
package dev.weft.config;

import org.jspecify.annotations.NullMarked;
