/// The program around the engine.
@NullMarked
package dev.planaria.app;

import org.jspecify.annotations.NullMarked;
