/// Tests of the front, with a fake worker that can be told to die at any point.
@NullMarked
package dev.planaria.app.front;

import org.jspecify.annotations.NullMarked;
