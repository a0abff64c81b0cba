/** The ingress proxy as a process: what it watches, how that becomes what it serves, and what it tells of itself. */
@NullMarked
package dev.weft.ingress;

import org.jspecify.annotations.NullMarked;
