/// Worker processes and their sockets, as the front meets them.
@NullMarked
package dev.planaria.app.daemon;

import org.jspecify.annotations.NullMarked;
