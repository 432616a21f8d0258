package dev.planaria.app.traces;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Who asks, as clients say it.
class TraceContextTest {
  private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  @Test
  void a_trace_and_its_state_are_taken_over() {
    assertThat(TraceContext.of(PARENT, "vendor=1")).contains(new TraceContext(PARENT, "vendor=1"));
    assertThat(TraceContext.of(PARENT, null)).contains(new TraceContext(PARENT, null));
  }

  @Test
  void a_state_that_is_too_long_is_left_out() {
    assertThat(TraceContext.of(PARENT, "x".repeat(513))).contains(new TraceContext(PARENT, null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\n",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more"
      })
  void what_is_no_trace_counts_as_none(String text) {
    assertThat(TraceContext.of(text, null)).isEmpty();
  }

  @Test
  void nothing_is_none() {
    assertThat(TraceContext.of(null, "vendor=1")).isEmpty();
  }
}
