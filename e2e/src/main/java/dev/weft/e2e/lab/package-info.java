/** A Kubernetes cluster on one machine: a control plane and nodes in namespaces of their own. */
@NullMarked
package dev.weft.e2e.lab;

import org.jspecify.annotations.NullMarked;
