/// Real MCP clients against the real daemon while its processes are killed: the proofs that nothing
/// acknowledged is lost, doubled or reordered. What breaks things is in `faults`, what the clients
/// saw in `ledger`, what is judged from it in `check`, and `processes` starts and ends both sides.
@NullMarked
package dev.planaria.app.clients;

import org.jspecify.annotations.NullMarked;
