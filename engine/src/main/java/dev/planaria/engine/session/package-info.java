/// The engine: sessions that accept commands and acknowledge what is durable. The entrance to the
/// library.
@NullMarked
package dev.planaria.engine.session;

import org.jspecify.annotations.NullMarked;
