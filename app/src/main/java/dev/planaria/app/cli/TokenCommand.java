package dev.planaria.app.cli;

import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "token",
    description = {
      "Create, list and revoke tokens for clients.",
      "A client token may call tools and nothing else; operation ids of different tokens never"
          + " meet."
    })
final class TokenCommand extends Subcommand {

  /// What is to be done with tokens.
  enum Action {
    CREATE,
    LIST,
    REVOKE
  }

  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "ACTION", description = "create, list or revoke.")
  Action action = Action.LIST;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "NAME",
      description = "The token's name: 1 to 64 of A-Z a-z 0-9 . _ -")
  String name = "";

  TokenCommand(CliEnvironment environment) {
    super(environment);
  }

  @Override
  ExitStatus run() throws IOException {
    var tokens = new ClientTokens(dataDirectory());
    return switch (action) {
      case CREATE -> create(tokens, requiredName());
      case LIST -> list(tokens);
      case REVOKE -> revoke(tokens, requiredName());
    };
  }

  private ExitStatus create(ClientTokens tokens, String name) throws IOException {
    String token = environment.sources().newToken().get();
    tokens.add(name, token);
    answer(JsonObject.builder().put("name", name).put("token", token).build(), token);
    if (!common.json) {
      progress("this is the only time the token of " + name + " is shown; only its hash is kept");
    }
    return ExitStatus.OK;
  }

  private ExitStatus list(ClientTokens tokens) throws IOException {
    List<String> names = tokens.names();
    answer(
        JsonObject.builder().put("names", JsonArray.ofStrings(names)).build(),
        names.isEmpty() ? "no client tokens" : String.join("\n", names));
    return ExitStatus.OK;
  }

  private ExitStatus revoke(ClientTokens tokens, String name) throws IOException {
    tokens.remove(name);
    answer(JsonObject.builder().put("revoked", name).build(), "revoked: " + name);
    return ExitStatus.OK;
  }

  private String requiredName() {
    if (!ClientTokens.isName(name)) {
      throw new ParameterException(
          spec.commandLine(),
          name.isEmpty()
              ? "NAME is missing"
              : "NAME must be 1 to 64 of A-Z a-z 0-9 . _ - (the first a letter or digit), not"
                  + " 'operator'");
    }
    return name;
  }
}
