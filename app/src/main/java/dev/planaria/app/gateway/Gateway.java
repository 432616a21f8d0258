package dev.planaria.app.gateway;

import dev.planaria.app.api.Api;
import dev.planaria.app.dashboard.Dashboard;
import dev.planaria.app.dashboard.Login;
import dev.planaria.app.dashboard.Reach;
import dev.planaria.app.gateway.access.SameSite;
import dev.planaria.app.gateway.access.Tokens;
import dev.planaria.app.gateway.clients.Clients;
import dev.planaria.app.gateway.clients.EraDetection;
import dev.planaria.app.gateway.clients.Negotiation;
import dev.planaria.app.gateway.clients.Visitor;
import dev.planaria.app.gateway.wire.Address;
import dev.planaria.app.gateway.wire.BadRequest;
import dev.planaria.app.gateway.wire.Exchange;
import dev.planaria.app.gateway.wire.Headers;
import dev.planaria.app.gateway.wire.HttpAnswer;
import dev.planaria.app.gateway.wire.Log;
import dev.planaria.app.gateway.wire.Rpc;
import dev.planaria.app.gateway.wire.RpcError;
import dev.planaria.app.gateway.wire.RpcId;
import dev.planaria.app.metrics.Scrape;
import dev.planaria.engine.journal.JournalException.StoreFailed;
import dev.planaria.engine.json.FieldException;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonSyntaxException;
import dev.planaria.engine.json.JsonValue;
import dev.planaria.engine.session.OutcomeUnknown;
import dev.planaria.engine.session.SessionUnavailable;
import dev.planaria.engine.session.StoreUnavailable;
import dev.planaria.engine.state.Refusal;
import dev.planaria.engine.transfer.MalformedExport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Answers every request that reaches the worker. Thread-safe; each request is one call of
/// [#handle], on a thread of its own.
public final class Gateway {
  private final SameSite sameSite;
  private final Tokens tokens;
  private final Dashboard dashboard;
  private final Clients clients;
  private final Api api;
  private final Scrape scrape;
  private final JsonLimits limits;
  private final Log log;

  /// Who may come in, and what browsers are shown.
  ///
  /// @param sameSite refuses what a foreign web page would send
  /// @param tokens of clients and the operator
  /// @param dashboard the pages, and who is logged in to them
  public record Doors(SameSite sameSite, Tokens tokens, Dashboard dashboard) {}

  /// @param doors who may come in
  /// @param clients both eras of the protocol
  /// @param api JSON for the command line and the dashboard
  /// @param scrape what is measured
  /// @param limits what a body may be
  /// @param log for operators
  public Gateway(Doors doors, Clients clients, Api api, Scrape scrape, JsonLimits limits, Log log) {
    this.sameSite = doors.sameSite();
    this.tokens = doors.tokens();
    this.dashboard = doors.dashboard();
    this.scrape = scrape;
    this.clients = clients;
    this.api = api;
    this.limits = limits;
    this.log = log;
  }

  /// Answers one request, whatever comes.
  ///
  /// @throws IOException when the client is gone
  public void handle(Exchange exchange) throws IOException {
    try {
      Route route = Route.of(exchange.head().path());
      switch (route) {
        case Route.Live() -> probe(exchange);
        case Route.Ready() -> probe(exchange);
        case Route.Mcp(Address address) -> mcp(exchange, admit(exchange), address);
        case Route.Api(String path) -> api(exchange, path);
        case Route.Metrics() -> metrics(exchange, admit(exchange));
        case Route.Page() -> {
          sameSite.check(exchange.head().headers());
          dashboard.page(exchange);
        }
        case Route.Nowhere() -> {
          admit(exchange);
          exchange.send(
              HttpAnswer.error(404, "NOT_FOUND", "nothing is here; the tools are at /mcp"));
        }
      }
    } catch (BadRequest e) {
      exchange.send(refusal(e));
    } catch (SessionUnavailable | StoreUnavailable | StoreFailed | OutcomeUnknown e) {
      exchange.send(HttpAnswer.json(503, Rpc.error(null, unavailable(e))));
    } catch (RuntimeException e) {
      log.warn("a request broke", e);
      exchange.send(HttpAnswer.json(500, Rpc.error(null, RpcError.internal())));
    }
  }

  private static void probe(Exchange exchange) throws IOException {
    String method = exchange.head().method();
    if (!method.equals("GET") && !method.equals("HEAD")) {
      throw new BadRequest(405, "only GET and HEAD are answered here");
    }
    exchange.send(HttpAnswer.text(200, "ok\n"));
  }

  /// The principal of a request that may come in.
  private String admit(Exchange exchange) {
    Headers headers = exchange.head().headers();
    sameSite.check(headers);
    return tokens
        .principal(headers)
        .orElseThrow(() ->
            new BadRequest(
                401, "a bearer token is needed: Authorization: Bearer <operator.token>"));
  }

  private void metrics(Exchange exchange, String principal) throws IOException {
    if (!principal.equals(Tokens.OPERATOR) && !principal.equals(Tokens.METRICS)) {
      throw new BadRequest(
          403,
          "only the operator's token and that of the client `"
              + Tokens.METRICS
              + "` (planaria token create "
              + Tokens.METRICS
              + ") are accepted here");
    }
    if (!exchange.head().method().equals("GET")) {
      throw new BadRequest(405, "only GET is answered here");
    }
    exchange.send(
        new HttpAnswer(
            200,
            Map.of("Content-Type", Scrape.TYPE),
            scrape.text().getBytes(StandardCharsets.UTF_8)));
  }

  private void mcp(Exchange exchange, String principal, Address address) throws IOException {
    if (principal.equals(Tokens.METRICS)) {
      throw new BadRequest(403, "this token is accepted at /metrics alone");
    }
    Headers headers = exchange.head().headers();
    var carriage =
        new Visitor.Carriage(
            headers.single("Planaria-Stamp"),
            headers.has("Planaria-Head-Sent"),
            headers.single("Planaria-Last-Event-Id"));
    var visitor = new Visitor(principal, address, carriage);
    switch (exchange.head().method()) {
      case "POST" -> post(exchange, visitor);
      case "GET" -> clients.legacy().get(exchange, visitor);
      case "DELETE" -> clients.legacy().delete(exchange, visitor);
      default -> throw new BadRequest(405, "only POST, GET and DELETE are answered here");
    }
  }

  private void post(Exchange exchange, Visitor visitor) throws IOException {
    Headers headers = exchange.head().headers();
    Negotiation.requireJsonBody(headers);
    byte[] body = exchange.readBody(limits.documentBytes());
    RpcId id = null;
    try {
      JsonValue parsed = Rpc.parse(body, limits);
      id = Rpc.idOf(parsed);
      switch (EraDetection.of(parsed, headers)) {
        case LEGACY -> clients.legacy().post(exchange, visitor, body, parsed);
        case MODERN -> clients.modern().post(exchange, visitor, body, parsed);
      }
    } catch (RpcError e) {
      exchange.send(HttpAnswer.json(e.httpStatus(), Rpc.error(id, e)));
    } catch (SessionUnavailable | StoreUnavailable | StoreFailed | OutcomeUnknown e) {
      exchange.send(HttpAnswer.json(503, Rpc.error(id, unavailable(e))));
    }
  }

  /// What keeps a link from being found or opened; tools tell such things in their results.
  private static RpcError unavailable(RuntimeException e) {
    return new RpcError(RpcError.INTERNAL, 503, String.valueOf(e.getMessage()), null);
  }

  private void api(Exchange exchange, String path) throws IOException {
    Login login = admitToApi(exchange);
    if (dashboard.api(exchange, path, login)) {
      return;
    }
    switch (exchange.head().method()) {
      case "GET" -> exchange.send(apiAnswer(() -> api.get(path, exchange.head().query())));
      case "POST" -> {
        if (login != null && !Reach.mayPost(path)) {
          throw new BadRequest(
              403, "a login in a browser may not do this; the operator's token may");
        }
        Negotiation.requireJsonBody(exchange.head().headers());
        byte[] body = exchange.readBody(limits.documentBytes());
        String stamp = exchange.head().headers().single("Planaria-Stamp");
        exchange.send(apiAnswer(() -> api.post(path, Json.parseObject(body, limits), stamp)));
      }
      default -> throw new BadRequest(405, "only GET and POST are answered here");
    }
  }

  /// Lets the operator in: by his token, or by a browser that was logged in with it.
  ///
  /// @return the login, or null when it was the token
  private @Nullable Login admitToApi(Exchange exchange) {
    Headers headers = exchange.head().headers();
    if (!headers.has("Authorization")) {
      sameSite.check(headers);
      Optional<Login> login = dashboard.logins().admit(exchange.head());
      if (login.isPresent()) {
        return login.get();
      }
    }
    if (!admit(exchange).equals(Tokens.OPERATOR)) {
      throw new BadRequest(403, "only the operator's token is accepted here");
    }
    return null;
  }

  private static HttpAnswer apiAnswer(Supplier<? extends Optional<? extends JsonValue>> action) {
    try {
      return action
          .get()
          .map(json -> HttpAnswer.json(200, json))
          .orElseGet(() -> HttpAnswer.error(404, "NOT_FOUND", "there is no such thing"));
    } catch (FieldException | JsonSyntaxException e) {
      return HttpAnswer.error(400, "INVALID_ARGUMENT", String.valueOf(e.getMessage()));
    } catch (MalformedExport e) {
      return HttpAnswer.error(422, "MALFORMED_EXPORT", String.valueOf(e.getMessage()));
    } catch (Refusal e) {
      return HttpAnswer.error(statusOf(e), e.code().name(), String.valueOf(e.getMessage()));
    } catch (SessionUnavailable e) {
      return HttpAnswer.error(409, "SESSION_UNAVAILABLE", String.valueOf(e.getMessage()));
    } catch (StoreUnavailable | StoreFailed e) {
      return HttpAnswer.error(503, "STORE_UNAVAILABLE", String.valueOf(e.getMessage()));
    }
  }

  private static int statusOf(Refusal refusal) {
    return switch (refusal.code()) {
      case NOT_FOUND -> 404;
      case INVALID_ARGUMENT -> 400;
      case NAME_TAKEN -> 409;
      default -> 422;
    };
  }

  /// A refusal in the form that MCP clients know: a JSON-RPC error without an id.
  private static HttpAnswer refusal(BadRequest e) {
    var error =
        new RpcError(RpcError.INVALID_REQUEST, e.status(), String.valueOf(e.getMessage()), null);
    HttpAnswer answer = HttpAnswer.json(e.status(), Rpc.error(null, error));
    return switch (e.status()) {
      case 401 -> answer.with("WWW-Authenticate", "Bearer realm=\"planaria\"");
      case 405 -> answer.with("Allow", "POST, GET, DELETE");
      default -> answer;
    };
  }
}
