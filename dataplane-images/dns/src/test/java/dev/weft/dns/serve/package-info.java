@NullMarked
package dev.weft.dns.serve;

import org.jspecify.annotations.NullMarked;
