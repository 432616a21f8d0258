/// The pages at `/`: their files, who may see them, and the live feed that keeps them current. What
/// they show and do goes through the JSON API, as everybody's questions do.
@NullMarked
package dev.planaria.app.dashboard;

import org.jspecify.annotations.NullMarked;
