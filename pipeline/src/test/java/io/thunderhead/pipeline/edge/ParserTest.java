package io.thunderhead.pipeline.edge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.thunderhead.protocol.v1.Activity;

/** What tests of parsers share: a record in, and what became of it out. */
abstract class ParserTest {
  private final RecordParser parser;

  ParserTest(RecordFormat format) {
    parser = format.newParser();
  }

  final ParsedRecord parse(String record) {
    byte[] line = (record + "trailing bytes of the buffer").getBytes(UTF_8);
    return parser.parse(line, record.getBytes(UTF_8).length);
  }

  final Activity accepted(String record) {
    ParsedRecord parsed = parse(record);
    assertThat(parsed).isInstanceOf(ParsedRecord.Accepted.class);
    return ((ParsedRecord.Accepted) parsed).activity();
  }

  final void assertFiltered(FilterReason reason, String record) {
    assertThat(parse(record)).isEqualTo(new ParsedRecord.Filtered(reason));
  }

  final void assertMalformed(RecordFault fault, String record) {
    assertThat(parse(record)).as(record).isEqualTo(new ParsedRecord.Malformed(fault));
  }
}
