/// Tests that hold the house in order: the direction of imports, the size and naming of code, what
/// must not be committed. Each has a negative control: a small bad sample that it must refuse.
@NullMarked
package dev.planaria.app.house;

import org.jspecify.annotations.NullMarked;
