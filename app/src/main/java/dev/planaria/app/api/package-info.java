/// JSON over the engine, for the command line and the dashboard.
@NullMarked
package dev.planaria.app.api;

import org.jspecify.annotations.NullMarked;
