/// Part of a sample that breaks the rules of the architecture.
@NullMarked
package dev.planaria.app.house.bad.engine.json;

import org.jspecify.annotations.NullMarked;
