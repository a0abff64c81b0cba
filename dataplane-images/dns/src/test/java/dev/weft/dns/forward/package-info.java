@NullMarked
package dev.weft.dns.forward;

import org.jspecify.annotations.NullMarked;
