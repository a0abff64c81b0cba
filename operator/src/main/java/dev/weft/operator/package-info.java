/** The operator: observe the cluster, plan, apply, report. */
@NullMarked
package dev.weft.operator;

import org.jspecify.annotations.NullMarked;
