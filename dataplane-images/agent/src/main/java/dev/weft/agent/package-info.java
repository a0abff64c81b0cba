/**
 * The runtime that node processes share: a sync loop, health and metrics over HTTP, a log, ordered shutdown. It knows
 * neither Kubernetes nor the kernel.
 */
@NullMarked
package dev.weft.agent;

import org.jspecify.annotations.NullMarked;
