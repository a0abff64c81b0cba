@NullMarked
package dev.weft.dns.cluster;

import org.jspecify.annotations.NullMarked;
