package dev.planaria.app.gateway.upstreams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.gateway.wire.RawObject;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Arguments that belong into headers too.
class ParamHeadersTest {

  private static RawObject page(String properties) {
    return Talk.raw(
        "{\"tools\":[{\"name\":\"t\",\"inputSchema\":{\"type\":\"object\",\"properties\":"
            + properties
            + "}}]}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "plain|plain",
        "two words|two words",
        " space|=?base64?IHNwYWNl?=",
        "h\u00e9|=?base64?aMOp?=",
        "a\tb|=?base64?YQli?=",
        "=?base64?eA==?=|=?base64?PT9iYXNlNjQ/ZUE9PT89?=",
        "''|''",
      })
  void a_value_is_sent_as_it_is_or_encoded(String value, String header) {
    assertThat(ParamHeaders.encoded(value)).isEqualTo(header);
  }

  @Test
  void arguments_are_found_where_the_schema_says_and_missing_ones_have_no_header() {
    var headers = new ParamHeaders();
    RawObject page =
        page(
            """
            {"a": {"type": "string", "x-mcp-header": "A"},
             "n": {"type": "integer", "x-mcp-header": "N"},
             "o": {"type": "object", "properties":
               {"b": {"type": "boolean", "x-mcp-header": "B"},
                "c": {"type": "string", "x-mcp-header": "C"}}}}
            """);
    assertThat(headers.learn(page)).isSameAs(page);
    assertThat(
            headers.of(
                Talk.raw(
                    "{\"name\":\"t\",\"arguments\":{\"a\":\"x\",\"n\":5,\"o\":{\"b\":true,\"c\":null}}}")))
        .isEqualTo(Map.of("Mcp-Param-A", "x", "Mcp-Param-N", "5", "Mcp-Param-B", "true"));
    assertThat(headers.of(Talk.raw("{\"name\":\"u\",\"arguments\":{\"a\":\"x\"}}"))).isEmpty();
    headers.learn(page("{}"));
    assertThat(headers.of(Talk.raw("{\"name\":\"t\",\"arguments\":{\"a\":\"x\"}}"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":{\"type\":\"object\",\"x-mcp-header\":\"A\"}}",
        "{\"a\":{\"type\":\"number\",\"x-mcp-header\":\"A\"}}",
        "{\"a\":{\"type\":\"string\",\"x-mcp-header\":\"A b\"}}",
        "{\"a\":{\"type\":\"string\",\"x-mcp-header\":\"A\\r\\nX: y\"}}",
        "{\"a\":{\"type\":\"string\",\"x-mcp-header\":7}}",
        "{\"a\":{\"type\":\"string\",\"x-mcp-header\":\"A\"},\"b\":{\"type\":\"string\",\"x-mcp-header\":\"a\"}}",
        "{\"a\":{\"type\":\"array\",\"items\":{\"type\":\"string\",\"x-mcp-header\":\"A\"}}}",
      })
  void a_tool_with_a_wrong_annotation_is_not_offered(String properties) {
    RawObject kept = new ParamHeaders().learn(page(properties));
    assertThat(kept.raw("tools")).hasValueSatisfying(tools -> assertThat(tools).hasSize(2));
  }
}
