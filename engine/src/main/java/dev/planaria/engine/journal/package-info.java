/// The append-only record of operations: entries, frames, hash chains, receipts, group commit, and
/// the interfaces that a store implements.
@NullMarked
package dev.planaria.engine.journal;

import org.jspecify.annotations.NullMarked;
