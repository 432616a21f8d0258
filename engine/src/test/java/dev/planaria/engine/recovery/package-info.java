/// Tests of the package of the same name.
@NullMarked
package dev.planaria.engine.recovery;

import org.jspecify.annotations.NullMarked;
