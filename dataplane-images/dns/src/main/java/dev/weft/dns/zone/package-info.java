/** The cluster's own names with answers ready to send. */
@NullMarked
package dev.weft.dns.zone;

import org.jspecify.annotations.NullMarked;
