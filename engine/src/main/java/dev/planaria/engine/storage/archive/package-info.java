/// Frames that checkpoints have made old, packed into compressed files with checksums: how such a
/// file looks, where it lies, and how frames are read back from it.
@NullMarked
package dev.planaria.engine.storage.archive;

import org.jspecify.annotations.NullMarked;
