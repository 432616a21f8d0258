package dev.planaria.chaos.report;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/// How the page of a report looks, and the policy under which a browser shows it.
final class HtmlStyle {

  /// Colours stand in variables, so that the dark scheme only names others. Marks of the timeline
  /// differ in shape and place too, for those who do not see the colours.
  static final String SHEET =
      """
      :root{color-scheme:light dark;--page:#f6f7f9;--card:#fff;--ink:#1a2129;--soft:#5b6774;
      --line:#dfe4ea;--good:#12794a;--good-back:#e2f5ea;--bad:#b3261e;--bad-back:#fde8e6;
      --none:#8a5a00;--none-back:#fdf1d8;--fault:#c2362d;--state:#2463c5;--operation:#1c8a6a}
      @media (prefers-color-scheme:dark){:root{--page:#12161b;--card:#1a2027;--ink:#e6eaee;
      --soft:#9aa6b2;--line:#2d3640;--good:#5fd39a;--good-back:#12352a;--bad:#ff8a80;
      --bad-back:#43201f;--none:#f2c063;--none-back:#3b2f14;--fault:#ff8178;--state:#7fb0ff;
      --operation:#58cfa8}}
      *{box-sizing:border-box}
      body{margin:0;background:var(--page);color:var(--ink);
      font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
      main{max-width:1080px;margin:0 auto;padding:32px 20px 64px}
      h1{font-size:26px;line-height:1.2;margin:0 0 4px}
      h2{font-size:18px;margin:36px 0 12px}
      h3{font-size:14px;margin:20px 0 6px;color:var(--soft);font-weight:600}
      p{margin:4px 0}
      code,.mono{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:13px}
      .soft{color:var(--soft)}
      .chip{display:inline-block;padding:2px 10px;border-radius:999px;font-weight:650;
      font-size:12px;letter-spacing:.03em;white-space:nowrap}
      .passed{color:var(--good);background:var(--good-back)}
      .failed{color:var(--bad);background:var(--bad-back)}
      .proved_nothing{color:var(--none);background:var(--none-back)}
      .top{display:flex;gap:16px;align-items:center;flex-wrap:wrap;margin-bottom:20px}
      .top .chip{font-size:16px;padding:6px 16px}
      .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px}
      .tile,.card{background:var(--card);border:1px solid var(--line);border-radius:10px}
      .tile{padding:14px 16px}
      .tile b{display:block;font-size:22px;line-height:1.3;font-variant-numeric:tabular-nums}
      .tile span{color:var(--soft);font-size:13px}
      .card{margin:0 0 12px;padding:0 18px}
      .card>summary{padding:14px 0;cursor:pointer;display:flex;gap:14px;align-items:center;
      flex-wrap:wrap}
      .card>summary b{font-size:15px}
      .card[open]{padding-bottom:18px}
      .list{padding:12px 18px}
      ul{margin:6px 0;padding-left:20px}
      li{overflow-wrap:anywhere}
      .scroll{overflow-x:auto}
      table{border-collapse:collapse;width:100%;font-size:14px;font-variant-numeric:tabular-nums}
      th{text-align:left;color:var(--soft);font-weight:600;white-space:nowrap}
      th,td{padding:5px 14px 5px 0;border-bottom:1px solid var(--line);vertical-align:top}
      td{overflow-wrap:anywhere}
      .figure{text-align:right;white-space:nowrap}
      svg{display:block;width:100%;min-width:720px;height:auto}
      svg text{font:11px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;fill:var(--ink)}
      svg .axis{fill:var(--soft)}
      svg .name{fill:var(--soft);font-weight:600}
      svg .within{fill:var(--card)}
      svg .grid{stroke:var(--line);stroke-width:1}
      svg .band{fill:var(--fault);opacity:.08}
      svg .fault{fill:var(--fault)}
      svg .state{fill:var(--state)}
      svg .operation{fill:var(--operation)}
      details.moments{margin-top:12px}
      details.moments>summary{cursor:pointer;color:var(--soft)}
      footer{margin-top:40px;color:var(--soft);font-size:13px}
      @media print{body{background:#fff}.card,.tile{break-inside:avoid}}
      """;

  private HtmlStyle() {}

  /// Nothing is loaded, run or sent from the page, and no style counts but the one above (Content
  /// Security Policy Level 3, section 6.7.3.3: by its hash).
  static String policy() {
    return "default-src 'none'; style-src 'sha256-"
        + Base64.getEncoder().encodeToString(sha256(SHEET))
        + "'; base-uri 'none'; form-action 'none'";
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("every Java has SHA-256", missing);
    }
  }
}
