package dev.planaria.app.house.bad.app.gateway.clients;

/// Stands beside the front.
public record Endpoint(String path) {}
