/// Looks after a running daemon: collects, a bounded share with each turn, what the rules about
/// alerts are held against.
@NullMarked
package dev.planaria.app.alerts.watch;

import org.jspecify.annotations.NullMarked;
