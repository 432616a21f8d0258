package dev.planaria.app.health;

/// How well something is, worst last.
public enum Wellness {
  OK,
  WARN,
  FAIL
}
