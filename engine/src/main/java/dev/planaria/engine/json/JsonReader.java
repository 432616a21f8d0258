package dev.planaria.engine.json;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.ErrorReportConfiguration;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.core.json.JsonFactory;

/// Reads one JSON text (RFC 8259) from front to back, strictly: UTF-8 without a byte order mark and
/// without unpaired surrogates, unique names, nothing behind the value, and everything within
/// [JsonLimits]. Every problem of the text is a [JsonSyntaxException]; a stream that cannot be read
/// is an [UncheckedIOException].
///
/// The reader stands on a value. [#value], [#text] and their like read it; [#beginObject] with
/// [#nextName] and [#beginArray] with [#nextItem] go through it. Not thread-safe.
public final class JsonReader {

  /// Longer texts are decoded in pieces, so that the characters need not fit in memory beside the
  /// bytes.
  private static final int DECODED_AT_ONCE_BYTES = 1 << 16;

  /// An array as long as this is a bound for what one caller can make us reserve.
  private static final int UNBOUNDED = Integer.MAX_VALUE;

  /// One for all limits: the reader checks those itself, which gives it the words. Names are not
  /// pooled: the pool would outlive the text, and what it holds would be chosen by strangers.
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(2_000)
                  .maxDocumentLength(-1)
                  .maxTokenCount(-1)
                  .maxNumberLength(UNBOUNDED)
                  .maxStringLength(UNBOUNDED)
                  .maxNameLength(UNBOUNDED)
                  .build())
          .errorReportConfiguration(
              ErrorReportConfiguration.builder().maxErrorTokenLength(8).build())
          .build();

  // Until something is not plain, there is no parser; from then on there is nothing plain.
  private @Nullable PlainTokens plain;
  private @Nullable JsonParser strict;
  private final Supplier<JsonParser> beginning;
  private final JsonLimits limits;
  private @Nullable JsonToken token;
  private int depth;
  private long tokens;

  /// @param beginning a parser at the beginning of the text
  private JsonReader(
      @Nullable PlainTokens plain, Supplier<JsonParser> beginning, JsonLimits limits) {
    this.plain = plain;
    this.beginning = beginning;
    this.limits = limits;
    advance();
  }

  /// A reader that stands on the one value of a text.
  ///
  /// @throws JsonSyntaxException when the text is too long, is not UTF-8, or does not begin like
  ///   JSON
  public static JsonReader of(byte[] utf8, JsonLimits limits) {
    if (utf8.length > limits.documentBytes()) {
      throw tooLong(limits);
    }
    if (utf8.length > DECODED_AT_ONCE_BYTES) {
      return of(new ByteArrayInputStream(utf8), limits);
    }
    return new JsonReader(new PlainTokens(utf8), () -> parser(utf8), limits);
  }

  private static JsonParser parser(byte[] utf8) {
    char[] ascii = ascii(utf8);
    if (ascii != null) {
      return parser(ascii, ascii.length);
    }
    try {
      CharBuffer chars = strictDecoder().decode(ByteBuffer.wrap(utf8));
      return parser(chars.array(), chars.remaining());
    } catch (CharacterCodingException e) {
      throw notUtf8(e);
    }
  }

  /// The characters of most of what is read, which needs no decoder; null for the rest.
  private static char @Nullable [] ascii(byte[] utf8) {
    var chars = new char[utf8.length];
    int any = 0;
    for (int i = 0; i < utf8.length; i++) {
      byte b = utf8[i];
      any |= b;
      chars[i] = (char) b;
    }
    return any < 0 ? null : chars;
  }

  /// As [#of(byte\[\], JsonLimits)], for text that is decoded already; its length counts in UTF-16
  /// units.
  public static JsonReader of(String text, JsonLimits limits) {
    if (text.length() > limits.documentBytes()) {
      throw tooLong(limits);
    }
    return new JsonReader(null, () -> parser(text.toCharArray(), text.length()), limits);
  }

  /// As [#of(byte\[\], JsonLimits)], for a stream; its length is its owner's affair.
  public static JsonReader of(InputStream utf8, JsonLimits limits) {
    var reader = new InputStreamReader(utf8, strictDecoder());
    return new JsonReader(
        null, () -> FACTORY.createParser(ObjectReadContext.empty(), reader), limits);
  }

  private static JsonParser parser(char[] chars, int length) {
    if (length > 0 && chars[0] == '\uFEFF') {
      throw new JsonSyntaxException("JSON must not begin with a byte order mark");
    }
    return FACTORY.createParser(ObjectReadContext.empty(), chars, 0, length);
  }

  /// Enters the object that the reader stands on.
  public void beginObject() {
    if (token != JsonToken.START_OBJECT) {
      throw expected("an object");
    }
    descend();
  }

  /// Moves to the value of the next member and gives its name; null at the end of the object, which
  /// is then left.
  public @Nullable String nextName() {
    advance();
    if (token == JsonToken.END_OBJECT) {
      ascend();
      return null;
    }
    String name = currentName();
    advance();
    return name;
  }

  /// Enters the array that the reader stands on.
  public void beginArray() {
    if (token != JsonToken.START_ARRAY) {
      throw expected("an array");
    }
    descend();
  }

  /// Moves to the next item; false at the end of the array, which is then left.
  public boolean nextItem() {
    advance();
    if (token == JsonToken.END_ARRAY) {
      ascend();
      return false;
    }
    return true;
  }

  /// The string that the reader stands on.
  public String text() {
    if (token != JsonToken.VALUE_STRING) {
      throw expected("a string");
    }
    String text = rawText();
    if (text.length() > limits.stringCharacters()) {
      throw refused("a string is longer than " + limits.stringCharacters() + " characters");
    }
    requirePairedSurrogates(text);
    return text;
  }

  /// The whole number, of 64 bits, that the reader stands on.
  public long wholeNumber() {
    if (token == JsonToken.VALUE_NUMBER_INT) {
      if (plain != null) {
        return plain.number();
      }
      try {
        return strict().getLongValue();
      } catch (InputCoercionException tooLarge) {
        throw expected("a whole number of at most 64 bits");
      }
    }
    throw expected("a whole number");
  }

  /// The truth value that the reader stands on.
  public boolean truth() {
    return switch (token) {
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case null, default -> throw expected("true or false");
    };
  }

  /// The value that the reader stands on, whatever it is.
  public JsonValue value() {
    return switch (token) {
      case START_OBJECT -> object();
      case START_ARRAY -> array();
      case VALUE_STRING -> new JsonString(text());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number();
      case VALUE_TRUE -> JsonBoolean.of(true);
      case VALUE_FALSE -> JsonBoolean.of(false);
      case VALUE_NULL -> JsonNull.NULL;
      case null, default -> throw expected("a value");
    };
  }

  /// Passes over the value that the reader stands on; it is checked all the same.
  public void skip() {
    value();
  }

  /// The object that the reader stands on.
  public JsonObject object() {
    beginObject();
    var members = new LinkedHashMap<String, JsonValue>();
    for (String name = nextName(); name != null; name = nextName()) {
      if (members.put(name, value()) != null) {
        throw refused("a name occurs twice in one object");
      }
    }
    return members.isEmpty() ? JsonObject.EMPTY : new JsonObject(Members.owning(members));
  }

  /// The array that the reader stands on.
  public JsonArray array() {
    beginArray();
    var items = new ArrayList<JsonValue>();
    while (nextItem()) {
      items.add(value());
    }
    return items.isEmpty() ? JsonArray.EMPTY : new JsonArray(items);
  }

  /// Checks that the text ends behind the value that was read.
  public void end() {
    if (plain != null && plain.isAtEnd()) {
      return;
    }
    try (JsonParser parser = strict()) {
      if (parser.nextToken() != null) {
        throw refused("something follows the JSON value");
      }
    } catch (JacksonException e) {
      throw syntax(e);
    }
  }

  private JsonNumber number() {
    String text = rawText();
    if (text.length() > limits.numberCharacters()) {
      throw refused("a number is longer than " + limits.numberCharacters() + " characters");
    }
    return new JsonNumber(text);
  }

  private String currentName() {
    String name = plain == null ? strict().currentName() : plain.text();
    if (name.length() > limits.nameCharacters()) {
      throw refused("a name is longer than " + limits.nameCharacters() + " characters");
    }
    requirePairedSurrogates(name);
    return name;
  }

  private void requirePairedSurrogates(String text) {
    if (!Json.isExpressible(text)) {
      throw refused("a string holds an unpaired surrogate, which is no character");
    }
  }

  private void advance() {
    if (++tokens > limits.tokens()) {
      throw refused("there are more than " + limits.tokens() + " values, names and brackets");
    }
    try {
      token = plain == null ? strict().nextToken() : plain.next();
      if (token == null && plain != null) {
        strict();
      }
    } catch (JacksonException e) {
      throw syntax(e);
    }
    if (token == null) {
      throw new JsonSyntaxException("the JSON text is empty");
    }
  }

  /// The strict parser, at the place where the reader stands; nothing is plain any more.
  private JsonParser strict() {
    JsonParser present = strict;
    if (present == null) {
      present = beginning.get();
      strict = present;
      if (plain != null) {
        plain = null;
        for (long i = 0; i < tokens; i++) {
          token = present.nextToken();
        }
      }
    }
    return present;
  }

  private void descend() {
    if (++depth > limits.depth()) {
      throw refused("arrays and objects nest more than " + limits.depth() + " deep");
    }
  }

  private void ascend() {
    depth--;
  }

  private String rawText() {
    if (plain != null) {
      return plain.text();
    }
    try {
      return strict().getString();
    } catch (JacksonException e) {
      throw syntax(e);
    }
  }

  private JsonSyntaxException expected(String what) {
    return refused(what + " is expected");
  }

  private JsonSyntaxException refused(String rule) {
    var location = strict().currentLocation();
    return new JsonSyntaxException(at(location.getLineNr(), location.getColumnNr()) + ": " + rule);
  }

  private static JsonSyntaxException syntax(JacksonException e) {
    if (e instanceof JacksonIOException) {
      if (e.getCause() instanceof CharacterCodingException) {
        return notUtf8(e);
      }
      throw e.getCause() instanceof IOException io ? new UncheckedIOException(io) : e;
    }
    var location = e.getLocation();
    String where = location == null ? "JSON" : at(location.getLineNr(), location.getColumnNr());
    return new JsonSyntaxException(
        where
            + ": "
            + (e instanceof UnexpectedEndOfInputException
                ? "the text ends too early"
                : inAFewWords(e.getOriginalMessage())),
        e);
  }

  /// The tokenizer's message up to its advice, in ASCII.
  private static String inAFewWords(@Nullable String message) {
    if (message == null) {
      return "not JSON";
    }
    int advice = message.indexOf(": ");
    String words = advice < 0 ? message : message.substring(0, advice);
    return words.substring(0, Math.min(words.length(), 120)).replaceAll("[^ -~]", "?");
  }

  private static String at(int line, int column) {
    return "JSON line " + line + ", column " + column;
  }

  private static JsonSyntaxException notUtf8(Throwable cause) {
    return new JsonSyntaxException("the JSON text is not valid UTF-8", cause);
  }

  private static JsonSyntaxException tooLong(JsonLimits limits) {
    return new JsonSyntaxException(
        "the JSON text is longer than " + limits.documentBytes() + " bytes");
  }

  private static CharsetDecoder strictDecoder() {
    return StandardCharsets.UTF_8.newDecoder();
  }
}
