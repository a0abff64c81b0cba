@NullMarked
package dev.weft.bundle.images;

import org.jspecify.annotations.NullMarked;
