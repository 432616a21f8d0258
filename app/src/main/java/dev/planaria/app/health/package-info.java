/// How well a session and the daemon are: each component with a status, a reason and whether it
/// gets better or worse, and risks before they have become faults. There is no score without its
/// parts.
@NullMarked
package dev.planaria.app.health;

import org.jspecify.annotations.NullMarked;
