/// Tests of the package of the same name.
@NullMarked
package dev.planaria.engine.integrity;

import org.jspecify.annotations.NullMarked;
