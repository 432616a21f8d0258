package dev.planaria.chaos.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;

/// Reports as a page.
class HtmlReportTest {

  private static final String DOCTYPE = "<!doctype html>\n";

  private static final ChaosReport REPORT =
      Reports.of(Reports.passed(1), Reports.failed(), Reports.provedNothing());

  @Test
  void the_page_says_what_came_of_it_and_shows_trouble_first() throws Exception {
    String page = HtmlReport.of(REPORT);
    Document parsed = parse(page);
    assertThat(XmlText.elements(parsed, "title").getFirst().getTextContent())
        .isEqualTo("Chaos report: smoke");
    assertThat(XmlText.elements(parsed, "summary"))
        .extracting(Element::getTextContent)
        .filteredOn(text -> text.contains("seed"))
        .satisfiesExactly(
            first -> assertThat(first).startsWith("FAILEDrandom-kills"),
            second -> assertThat(second).startsWith("PROVED NOTHINGconnection-drop"),
            third -> assertThat(third).startsWith("PASSEDprocess-kill"));
    assertThat(parsed.getDocumentElement().getTextContent())
        .contains("operation op-17 was acknowledged and is gone")
        .contains("planaria chaos run random-kills --seed 7")
        .contains("kill of worker 4711");
    // Two runs have a timeline, and two have recoveries.
    assertThat(XmlText.elements(parsed, "svg")).hasSize(4);
  }

  @Test
  void the_page_loads_and_runs_nothing() throws Exception {
    String page = HtmlReport.of(REPORT);
    Document parsed = parse(page);
    Element policy = XmlText.elements(parsed, "meta").get(1);
    assertThat(policy.getAttribute("http-equiv")).isEqualTo("Content-Security-Policy");
    assertThat(policy.getAttribute("content"))
        .startsWith("default-src 'none'; style-src 'sha256-")
        .endsWith("; base-uri 'none'; form-action 'none'")
        .doesNotContain("unsafe");
    var names = new TreeSet<String>();
    XmlText.elements(parsed, "*").forEach(element -> names.add(element.getTagName()));
    assertThat(names)
        .doesNotContain("script", "link", "img", "iframe", "object", "form", "a", "base", "use");
    assertThat(page).doesNotContain("http://", "https://", "url(", "@import");
  }

  @Test
  void the_policy_allows_exactly_the_style_of_the_page() throws Exception {
    String page = HtmlReport.of(REPORT);
    String style = page.substring(page.indexOf("<style>") + 7, page.indexOf("</style>"));
    String hash =
        Base64.getEncoder()
            .encodeToString(MessageDigest.getInstance("SHA-256").digest(style.getBytes(UTF_8)));
    assertThat(XmlText.elements(parse(page), "meta").get(1).getAttribute("content"))
        .contains("'sha256-" + hash + "'");
    assertThat(style).contains("prefers-color-scheme:dark");
  }

  @Test
  void any_text_stays_text() throws Exception {
    var plain = shape(parse(HtmlReport.of(Reports.hostile("plain"))));
    for (String hostile : Reports.HOSTILE) {
      Document parsed = parse(HtmlReport.of(Reports.hostile(hostile)));
      if (!hostile.isEmpty()) {
        assertThat(shape(parsed)).isEqualTo(plain);
      }
      for (Element element : XmlText.elements(parsed, "*")) {
        NamedNodeMap attributes = element.getAttributes();
        for (int i = 0; i < attributes.getLength(); i++) {
          assertThat(attributes.item(i).getNodeName()).doesNotStartWith("on").isNotEqualTo("style");
        }
      }
    }
  }

  /// The names of all elements, in order.
  private static List<String> shape(Document parsed) {
    return XmlText.elements(parsed, "*").stream().map(Element::getTagName).toList();
  }

  @Test
  void a_night_is_a_page_that_a_browser_can_show() throws Exception {
    RunReport[] runs = new RunReport[4_000];
    for (int i = 0; i < runs.length; i++) {
      runs[i] = Reports.failed();
    }
    String page = HtmlReport.of(Reports.of(runs));
    assertThat(page.length()).isLessThan(24_000_000);
    assertThat(XmlText.elements(parse(page), "details")).hasSizeLessThan(300);
  }

  private static Document parse(String page) throws Exception {
    assertThat(page).startsWith(DOCTYPE);
    return XmlText.parse(page.substring(DOCTYPE.length()));
  }
}
