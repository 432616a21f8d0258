/// What the engine asks of a store: durable frames, checkpoints and records. One implementation so
/// far, on SQLite.
@NullMarked
package dev.planaria.engine.storage;

import org.jspecify.annotations.NullMarked;
