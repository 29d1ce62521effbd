package io.liblink.codec.json;

import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalAmount;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.ValueInstantiationException;

/**
 * What is wrong with JSON, in words for whoever sent it, wherever they sit: the path and the reason,
 * no name of a class, and of the input at most a few characters.
 */
final class Complaint {
  private static final int BRIEF = 60;
  private static final int LONGEST_REASON = 200;
  private static final int ENUM_CONSTANTS = 12;
  private static final int PATH_STEPS = 12;
  private static final Pattern DUPLICATE =
      Pattern.compile("Duplicate Object property \"(.*)\".*", Pattern.DOTALL);

  private Complaint() {}

  static String of(JacksonException e) {
    String where = "JSON at " + path(e.getPath()) + ": ";
    if (e instanceof StreamConstraintsException) {
      return where + limit(e) + position(e);
    }
    if (e instanceof InputCoercionException coercion) {
      return where + "a number out of range, expected " + expected(coercion.getTargetType());
    }
    if (e instanceof UnexpectedEndOfInputException) {
      return where + "ends too early" + position(e);
    }
    if (e instanceof StreamReadException) {
      Matcher duplicate = DUPLICATE.matcher(e.getOriginalMessage());
      return where
          + (duplicate.matches()
              ? "property '" + brief(duplicate.group(1)) + "' stands twice"
              : "not valid JSON")
          + position(e);
    }
    if (e instanceof ValueInstantiationException) {
      return where + refusal(e.getCause());
    }
    if (e instanceof MismatchedInputException mismatch) {
      return where + mismatch(mismatch);
    }
    return where + "does not fit";
  }

  /** At most a few characters of a text, none of them a control. */
  static String brief(String text) {
    return shortened(text, BRIEF);
  }

  private static String shortened(String text, int most) {
    String clean = text.replaceAll("\\p{Cntrl}", "\ufffd");
    if (clean.length() <= most) {
      return clean;
    }
    int end = Character.isHighSurrogate(clean.charAt(most - 1)) ? most - 1 : most;
    return clean.substring(0, end) + "…";
  }

  private static String mismatch(MismatchedInputException e) {
    if (e.getOriginalMessage().startsWith("Missing required creator property")) {
      return "missing";
    }
    if (e.getOriginalMessage().startsWith("Trailing token")) {
      return "something stands behind the value" + position(e);
    }
    if (e.getOriginalMessage().startsWith("No content to map")) {
      return "nothing there; expected " + expected(e.getTargetType());
    }
    Object value = e instanceof InvalidFormatException format ? format.getValue() : null;
    return "expected " + expected(e.getTargetType()) + ", got " + found(e.getCurrentToken(), value);
  }

  /** A type's own check speaks to the sender; other exceptions are nobody's words. */
  private static String refusal(@Nullable Throwable cause) {
    String reason = cause instanceof IllegalArgumentException ? cause.getMessage() : null;
    return reason == null ? "the value was refused" : shortened(reason, LONGEST_REASON);
  }

  private static String limit(JacksonException e) {
    String text = e.getOriginalMessage();
    if (text.contains("depth")) {
      return "nested deeper than " + JsonMapping.MAX_DEPTH;
    }
    return text.contains("Number") || text.contains("BigDecimal") || text.contains("BigInteger")
        ? "a number too long"
        : "a part too long";
  }

  private static String position(JacksonException e) {
    TokenStreamLocation at = e.getLocation();
    return at == null || at.getLineNr() < 1
        ? ""
        : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
  }

  private static String path(List<JacksonException.Reference> steps) {
    StringBuilder s = new StringBuilder("$");
    for (JacksonException.Reference step : steps.subList(0, Math.min(PATH_STEPS, steps.size()))) {
      if (step.getPropertyName() != null) {
        s.append('.').append(brief(step.getPropertyName()));
      } else if (step.getIndex() >= 0) {
        s.append('[').append(step.getIndex()).append(']');
      }
    }
    return steps.size() > PATH_STEPS ? s.append("…").toString() : s.toString();
  }

  private static String expected(@Nullable Class<?> type) {
    if (type == null) {
      return "another value";
    }
    if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    }
    String number = number(type);
    if (!number.isEmpty()) {
      return number;
    }
    if (type.isEnum()) {
      Object[] all = type.getEnumConstants();
      return Arrays.stream(all)
          .limit(ENUM_CONSTANTS)
          .map(c -> ((Enum<?>) c).name())
          .collect(Collectors.joining(", ", "one of ", all.length > ENUM_CONSTANTS ? ", …" : ""));
    }
    return type == byte[].class ? "a string in base64" : shape(type);
  }

  private static String number(Class<?> type) {
    if (type == int.class || type == Integer.class) {
      return "a whole number of 32 bits";
    }
    if (type == long.class || type == Long.class) {
      return "a whole number of 64 bits";
    }
    if (type == short.class || type == Short.class) {
      return "a whole number of 16 bits";
    }
    if (type == byte.class || type == Byte.class) {
      return "a whole number of 8 bits";
    }
    if (type == java.math.BigInteger.class) {
      return "a whole number";
    }
    boolean real =
        type == double.class || type == float.class || Number.class.isAssignableFrom(type);
    return real ? "a number" : "";
  }

  private static String shape(Class<?> type) {
    if (TemporalAccessor.class.isAssignableFrom(type)
        || TemporalAmount.class.isAssignableFrom(type)) {
      return "a date, time or duration as in ISO 8601";
    }
    if (type == UUID.class) {
      return "a UUID";
    }
    if (CharSequence.class.isAssignableFrom(type)
        || type == char.class
        || type == Character.class) {
      return "a string";
    }
    if (type.isArray() || Collection.class.isAssignableFrom(type)) {
      return "an array";
    }
    return type.isRecord() || Map.class.isAssignableFrom(type) ? "an object" : "another value";
  }

  private static String found(@Nullable JsonToken token, @Nullable Object value) {
    if (value instanceof String text) {
      return "\"" + brief(text) + "\"";
    }
    if (token == null) {
      return value instanceof Number ? "a number" : "something else";
    }
    return switch (token) {
      case START_OBJECT, PROPERTY_NAME, END_OBJECT -> "an object";
      case START_ARRAY, END_ARRAY -> "an array";
      case VALUE_STRING -> "a string";
      case VALUE_NUMBER_INT -> "a whole number";
      case VALUE_NUMBER_FLOAT -> "a number with a fraction";
      case VALUE_TRUE -> "true";
      case VALUE_FALSE -> "false";
      case VALUE_NULL -> "null";
      default -> "something else";
    };
  }
}
