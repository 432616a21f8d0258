package dev.planaria.app.traces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The collector that an operator names.
class CollectorTest {
  private static final String COMMON = "OTEL_EXPORTER_OTLP_ENDPOINT";
  private static final String OWN = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";
  private static final String HEADERS = "OTEL_EXPORTER_OTLP_HEADERS";

  @Test
  void without_an_address_there_is_none() {
    assertThat(Collector.named(Map.of(HEADERS, "a=b", COMMON, ""))).isEmpty();
  }

  @Test
  void it_can_be_turned_off_for_all_programs_of_a_machine() {
    assertThat(Collector.named(Map.of(COMMON, "http://x", "OTEL_SDK_DISABLED", "true"))).isEmpty();
    assertThat(Collector.named(Map.of(COMMON, "http://x", "OTEL_TRACES_EXPORTER", "none")))
        .isEmpty();
  }

  @Test
  void an_address_for_all_signals_gets_the_path_of_traces() {
    assertThat(Collector.named(Map.of(COMMON, "http://127.0.0.1:4318/")))
        .contains(
            new Collector(URI.create("http://127.0.0.1:4318/v1/traces"), Map.of(), "planaria"));
  }

  @Test
  void an_address_for_traces_is_taken_as_it_is_and_comes_first() {
    assertThat(
            Collector.named(
                Map.of(
                    COMMON,
                    "http://other",
                    OWN,
                    "https://collector.example/in",
                    HEADERS,
                    "authorization=Bearer abc=, x-team = worms ,",
                    "OTEL_SERVICE_NAME",
                    "board")))
        .contains(
            new Collector(
                URI.create("https://collector.example/in"),
                Map.of("authorization", "Bearer abc=", "x-team", "worms"),
                "board"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1:4318", "ftp://x", "http://", "not a url"})
  void an_address_that_is_none_is_refused_by_name(String address) {
    assertThatThrownBy(() -> Collector.named(Map.of(COMMON, address)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(COMMON + " must be an http or https URL, such as http://127.0.0.1:4318");
  }

  @Test
  void headers_that_are_none_are_refused_without_their_values() {
    assertThatThrownBy(() -> Collector.named(Map.of(COMMON, "http://x", HEADERS, "a secret")))
        .hasMessageContaining(HEADERS)
        .hasMessageNotContaining("a secret");
  }

  @Test
  void nobody_is_shown_its_headers() {
    var collector = new Collector(URI.create("http://x/v1/traces"), Map.of("a", "secret"), "me");
    assertThat(collector.toString()).isEqualTo("me at http://x/v1/traces");
  }
}
