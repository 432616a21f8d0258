/// Who may come in: tokens, and the headers that tell a browser page apart from a client.
@NullMarked
package dev.planaria.app.gateway.access;

import org.jspecify.annotations.NullMarked;
