/// JSON values, and their strict reading and writing. Uses nothing else of the product.
@NullMarked
package dev.planaria.engine.json;

import org.jspecify.annotations.NullMarked;
