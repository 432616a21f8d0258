/// The two Java clients as programs of their own: they do the workload of `app/src/test/node` and
/// tell of it in the same lines, from a process of their own like every other client.
@NullMarked
package dev.planaria.app.clients.programs;

import org.jspecify.annotations.NullMarked;
