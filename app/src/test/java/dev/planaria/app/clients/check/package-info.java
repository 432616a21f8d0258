/// Judges what happened: the clients' ledgers against the store, and each promise against what its
/// client saw. Knows nothing of how the faults were made.
@NullMarked
package dev.planaria.app.clients.check;

import org.jspecify.annotations.NullMarked;
