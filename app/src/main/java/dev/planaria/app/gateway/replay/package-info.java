/// Replay of state: which calls rebuild what a server knew, and how ids that it gave stay valid for
/// clients when it gives others. Pure.
@NullMarked
package dev.planaria.app.gateway.replay;

import org.jspecify.annotations.NullMarked;
