/// What can be done to a Planaria and to the servers behind it: each fault as a value that can be
/// written as JSON, and how often each one really hit.
@NullMarked
package dev.planaria.chaos.fault;

import org.jspecify.annotations.NullMarked;
