/// The session tools: what a language model or a program can do with a durable session. Each tool
/// is a value with its schemas; none knows how it is called over the wire.
@NullMarked
package dev.planaria.app.tools;

import org.jspecify.annotations.NullMarked;
