package io.liblink.codec.json;

import java.lang.reflect.Type;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.exc.InvalidDefinitionException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/**
 * The settings of the JSON library and what its failures mean. Docs: {@code
 * docs/guide/messages.md}. Thread-safe.
 *
 * <p>A type is never named by the input: there is no polymorphic typing. Unknown properties are
 * ignored, so that senders may grow first; everything else that does not fit is refused, because a
 * guess that goes wrong is found out much later.
 */
final class JsonMapping {
  /** Deeper input is an attack or a mistake; each level costs stack while reading. */
  static final int MAX_DEPTH = 100;

  /** Digits of one number: a 3,000-bit integer fits; parsing takes quadratic time. */
  static final int MAX_DIGITS = 1_000;

  private final JsonMapper mapper;

  JsonMapping() {
    StreamReadConstraints limits = StreamReadConstraints.builder()
        .maxNestingDepth(MAX_DEPTH)
        .maxNumberLength(MAX_DIGITS)
        // The node has bounded the message already, and the payload lies in memory.
        .maxStringLength(Integer.MAX_VALUE)
        .build();
    JsonMapper.Builder b = JsonMapper.builder(JsonFactory.builder()
        .streamReadConstraints(limits)
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
        .build());
    b.annotationIntrospector(new RequiredComponents());
    b.disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    b.enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);
    b.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    b.disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT);
    b.enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS);
    b.disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS);
    b.disable(DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS);
    b.disable(DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE);
    b.disable(SerializationFeature.FAIL_ON_EMPTY_BEANS);
    b.disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY);
    b.disable(MapperFeature.ALLOW_COERCION_OF_SCALARS);
    b.withCoercionConfig(
        LogicalType.Textual,
        c -> c.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
            .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
            .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail));
    this.mapper = b.build();
  }

  byte[] write(Object value) {
    try {
      return mapper.writeValueAsBytes(value);
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          "a value of " + value.getClass().getName() + " can't be written as JSON: "
              + Complaint.brief(e.getOriginalMessage()),
          e);
    }
  }

  Object read(String json, Type type) {
    Object value;
    try {
      value = mapper.readerFor(mapper.constructType(type)).readValue(json);
    } catch (InvalidDefinitionException e) {
      throw new IllegalStateException(
          "nothing can be read from JSON into " + type.getTypeName() + ": "
              + e.getOriginalMessage(),
          e);
    } catch (JacksonException e) {
      throw new IllegalArgumentException(Complaint.of(e), e);
    }
    if (value == null) {
      throw new IllegalArgumentException("JSON at $: null where a value is expected");
    }
    return value;
  }
}
