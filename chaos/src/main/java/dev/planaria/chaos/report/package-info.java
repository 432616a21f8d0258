/// What an experiment came to, as values, and how it is shown: as text, JSON, JUnit XML and one
/// page of HTML.
@NullMarked
package dev.planaria.chaos.report;

import org.jspecify.annotations.NullMarked;
