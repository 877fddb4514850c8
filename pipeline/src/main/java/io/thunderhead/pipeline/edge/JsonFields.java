package io.thunderhead.pipeline.edge;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.OffsetDateTime;

/**
 * Reads fields of JSON records. A field that is missing, null or of another type is always the
 * empty text or 0, never an error: what a record must have is its parser's business.
 */
final class JsonFields {
  private static final ObjectReader READER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build()
          .readerFor(JsonNode.class);

  private JsonFields() {}

  /** The one object that the line is. */
  static JsonNode object(byte[] line, int length) throws UnusableRecordException {
    try {
      JsonNode node = READER.readValue(line, 0, length);
      if (node != null && node.isObject()) {
        return node;
      }
    } catch (IOException e) {
      // What is wrong with it may quote the record; that it is wrong is all that is kept.
    }
    throw new UnusableRecordException(RecordFault.NOT_JSON);
  }

  static String text(JsonNode node, String... path) {
    String text = at(node, path).textValue();
    return text == null ? "" : text;
  }

  /** The number at {@code path}, or 0 if there is none or it is not above zero or not an int64. */
  static long positive(JsonNode node, String... path) {
    JsonNode value = at(node, path);
    return value.isIntegralNumber() && value.canConvertToLong()
        ? Math.max(0, value.longValue())
        : 0;
  }

  static JsonNode at(JsonNode node, String... path) {
    JsonNode value = node;
    for (String name : path) {
      value = value.path(name);
    }
    return value;
  }

  /** The seconds of an ISO time with an offset of any form; 0 if it is none. */
  static long isoSeconds(String time) {
    try {
      return OffsetDateTime.parse(time).toEpochSecond();
    } catch (DateTimeException e) {
      return 0;
    }
  }
}
