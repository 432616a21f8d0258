/// Daemons on directories that are thrown away, with callers that work on them over MCP: what
/// `planaria demo` kills, and what `planaria prepare` learns from. What the demo claims it has read
/// back.
@NullMarked
package dev.planaria.app.cli.scratch;

import org.jspecify.annotations.NullMarked;
