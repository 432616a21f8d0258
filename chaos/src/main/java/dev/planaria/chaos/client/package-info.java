/// MCP clients as careful as a real one should be, and the work that they do in a session while
/// faults happen.
@NullMarked
package dev.planaria.chaos.client;

import org.jspecify.annotations.NullMarked;
