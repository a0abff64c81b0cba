/** Other people's names: upstream servers and the cache of what they said. */
@NullMarked
package dev.weft.dns.forward;

import org.jspecify.annotations.NullMarked;
