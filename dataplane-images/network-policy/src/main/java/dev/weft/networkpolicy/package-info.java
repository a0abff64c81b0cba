/** NetworkPolicies as a node enforces them: policies, pods and namespaces become the sets and chains of one table. */
@NullMarked
package dev.weft.networkpolicy;

import org.jspecify.annotations.NullMarked;
