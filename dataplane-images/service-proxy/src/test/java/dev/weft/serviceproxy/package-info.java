@NullMarked
package dev.weft.serviceproxy;

import org.jspecify.annotations.NullMarked;
