/// Who is told of alerts outside this program: webhooks, whose messages wait on disk until they are
/// taken, and Alertmanagers, which are told again and again what fires.
@NullMarked
package dev.planaria.app.alerts.notifiers;

import org.jspecify.annotations.NullMarked;
