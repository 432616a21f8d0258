package dev.planaria.app.gateway.wire;

/// What stands above a request's body.
///
/// @param method the HTTP method, as sent
/// @param path the path, still percent-encoded, without the query
/// @param query what follows the question mark, still percent-encoded; empty when nothing does
/// @param headers the header fields
public record RequestHead(String method, String path, String query, Headers headers) {}
