@NullMarked
package dev.weft.e2e.faults;

import org.jspecify.annotations.NullMarked;
