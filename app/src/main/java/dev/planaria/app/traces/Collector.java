package dev.planaria.app.traces;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The collector that the operator has named by the variables of the OpenTelemetry specification
/// ("OpenTelemetry Protocol Exporter"): `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`, or
/// `OTEL_EXPORTER_OTLP_ENDPOINT` with `/v1/traces` behind it; `OTEL_EXPORTER_OTLP_HEADERS`, which
/// may hold a secret and is told to nobody else; `OTEL_SERVICE_NAME`. `OTEL_SDK_DISABLED=true` and
/// `OTEL_TRACES_EXPORTER=none` turn it off. Spoken to by OTLP over HTTP.
///
/// @param traces where spans are posted
/// @param headers sent with them
/// @param service who we are there
public record Collector(URI traces, Map<String, String> headers, String service) {

  private static final String SERVICE = "planaria";

  /// Copies the headers.
  public Collector {
    headers = Map.copyOf(headers);
  }

  /// Reads the variables.
  ///
  /// @return nothing when no collector is named
  /// @throws IllegalArgumentException in a sentence that names the variable
  public static Optional<Collector> named(Map<String, String> variables) {
    String own = variables.getOrDefault("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "");
    String common = variables.getOrDefault("OTEL_EXPORTER_OTLP_ENDPOINT", "");
    boolean off =
        variables.getOrDefault("OTEL_SDK_DISABLED", "").equalsIgnoreCase("true")
            || variables.getOrDefault("OTEL_TRACES_EXPORTER", "").equals("none");
    if (off || (own.isEmpty() && common.isEmpty())) {
      return Optional.empty();
    }
    URI address =
        own.isEmpty()
            ? uri("OTEL_EXPORTER_OTLP_ENDPOINT", common.replaceAll("/+$", "") + "/v1/traces")
            : uri("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", own);
    String service = variables.getOrDefault("OTEL_SERVICE_NAME", "");
    return Optional.of(
        new Collector(
            address,
            headers(variables.getOrDefault("OTEL_EXPORTER_OTLP_HEADERS", "")),
            service.isEmpty() ? SERVICE : service));
  }

  private static URI uri(String variable, String text) {
    try {
      URI uri = URI.create(text);
      String scheme = String.valueOf(uri.getScheme());
      if ((scheme.equals("http") || scheme.equals("https")) && uri.getHost() != null) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(rule(variable), e);
    }
    throw new IllegalArgumentException(rule(variable));
  }

  private static String rule(String variable) {
    return variable + " must be an http or https URL, such as http://127.0.0.1:4318";
  }

  /// `name=value` pairs between commas.
  private static Map<String, String> headers(String text) {
    var headers = new LinkedHashMap<String, String>();
    for (String pair : text.split(",", -1)) {
      int equals = pair.indexOf('=');
      if (pair.isBlank()) {
        continue;
      }
      if (equals < 1) {
        throw new IllegalArgumentException(
            "OTEL_EXPORTER_OTLP_HEADERS must be name=value pairs between commas");
      }
      headers.put(pair.substring(0, equals).strip(), pair.substring(equals + 1).strip());
    }
    return headers;
  }

  /// Without the headers, which may hold a secret.
  @Override
  public String toString() {
    return service + " at " + traces;
  }
}
