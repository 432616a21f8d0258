/// The embedded store: the journal's interfaces on SQLite.
@NullMarked
package dev.planaria.engine.storage.sqlite;

import org.jspecify.annotations.NullMarked;
