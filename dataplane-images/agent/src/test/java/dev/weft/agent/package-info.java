@NullMarked
package dev.weft.agent;

import org.jspecify.annotations.NullMarked;
