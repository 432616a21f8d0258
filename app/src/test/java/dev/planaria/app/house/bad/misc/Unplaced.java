package dev.planaria.app.house.bad.misc;

/// Stands in a package that the table does not know.
public record Unplaced(String name) {}
