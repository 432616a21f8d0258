/// An MCP server of the kit's own that writes down whatever it does, and the judge who holds that
/// diary against what its callers were told: for experiments with servers behind Planaria.
@NullMarked
package dev.planaria.chaos.server;

import org.jspecify.annotations.NullMarked;
