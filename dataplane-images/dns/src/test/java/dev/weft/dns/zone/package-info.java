@NullMarked
package dev.weft.dns.zone;

import org.jspecify.annotations.NullMarked;
