/// Tests of strict JSON.
@NullMarked
package dev.planaria.engine.json;

import org.jspecify.annotations.NullMarked;
