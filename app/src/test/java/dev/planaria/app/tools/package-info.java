/// The session tools, and tools that only tests have.
@NullMarked
package dev.planaria.app.tools;

import org.jspecify.annotations.NullMarked;
