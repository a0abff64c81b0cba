/** DNS messages as bytes: names, questions and what is written into answers. */
@NullMarked
package dev.weft.dns.wire;

import org.jspecify.annotations.NullMarked;
