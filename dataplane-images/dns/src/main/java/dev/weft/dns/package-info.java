/** The DNS server of a cluster. */
@NullMarked
package dev.weft.dns;

import org.jspecify.annotations.NullMarked;
