/// Tests of what lies in `deploy/`: files for other programs, held against these programs.
@NullMarked
package dev.planaria.app.deploy;

import org.jspecify.annotations.NullMarked;
