@NullMarked
package dev.weft.dns.wire;

import org.jspecify.annotations.NullMarked;
