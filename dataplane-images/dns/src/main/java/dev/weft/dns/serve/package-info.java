/** Questions in, answers out: UDP and TCP. */
@NullMarked
package dev.weft.dns.serve;

import org.jspecify.annotations.NullMarked;
