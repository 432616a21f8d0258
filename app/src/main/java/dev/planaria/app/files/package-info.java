/// Files of the data directory beside the store.
@NullMarked
package dev.planaria.app.files;

import org.jspecify.annotations.NullMarked;
