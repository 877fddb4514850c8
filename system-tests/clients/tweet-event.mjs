import thrift from 'thrift';

const { TBinaryProtocol, TBufferedTransport, Thrift, Int64 } = thrift;
const { Type } = Thrift;

const i64 = (id, value) => ({ id, type: Type.I64, write: (p) => p.writeI64(int64(value)) });
const i32 = (id, value) => ({ id, type: Type.I32, write: (p) => p.writeI32(value) });
const bool = (id, value) => ({ id, type: Type.BOOL, write: (p) => p.writeBool(value) });
const text = (id, value) => ({ id, type: Type.STRING, write: (p) => p.writeString(value) });
const struct = (id, ...fields) => ({ id, type: Type.STRUCT, write: (p) => writeStruct(p, fields) });
const structs = (id, ...items) => ({
  id,
  type: Type.LIST,
  write: (p) => {
    p.writeListBegin(Type.STRUCT, items.length);
    items.forEach((fields) => writeStruct(p, fields));
    p.writeListEnd();
  },
});

function int64(value) {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(value));
  return new Int64(bytes);
}

function writeStruct(protocol, fields) {
  protocol.writeStructBegin('');
  for (const field of fields.filter(Boolean)) {
    protocol.writeFieldBegin('', field.type, field.id);
    field.write(protocol);
    protocol.writeFieldEnd();
  }
  protocol.writeFieldStop();
  protocol.writeStructEnd();
}

function encode(fields) {
  let bytes;
  const transport = new TBufferedTransport(undefined, (out) => (bytes = Buffer.from(out)));
  writeStruct(new TBinaryProtocol(transport), fields);
  transport.flush();
  return bytes;
}

const flagsAt = (atMs) => struct(2, i64(2, atMs));

/** A create as the legacy firehose sends it, with a few fields that the transformer has to skip. */
export function createEvent(post) {
  return encode([
    struct(
      1,
      struct(
        1,
        struct(
          1,
          i64(1, post.id),
          struct(
            2,
            i64(1, post.author),
            text(2, 'the text of a post, which nobody downstream needs'),
            i64(4, post.createdAt),
            post.parent && struct(5, i64(1, post.parent), i64(2, post.parentAuthor)),
            post.source && struct(7, i64(1, post.source), i64(2, post.sourceAuthor)),
            bool(11, Boolean(post.nullcast)),
            i64(14, post.conversation ?? post.id),
          ),
          post.videoMs && structs(7, [i64(8, 77), struct(15, struct(3, i32(1, post.videoMs)))]),
        ),
        struct(2, i64(1, post.author)),
      ),
    ),
    flagsAt(post.createdAt * 1000),
  ]);
}

export const deleteEvent = (id, author, atMs) =>
  encode([struct(1, struct(2, struct(1, i64(1, id), struct(2, i64(1, author))))), flagsAt(atMs)]);

export const quotedDeleteEvent = (quoting, author, quoted, atMs) =>
  encode([struct(1, struct(10, i64(1, quoting), i64(2, author), i64(3, quoted))), flagsAt(atMs)]);

export const undeleteEvent = (id) => encode([struct(1, struct(5, struct(1, i64(1, id))))]);

/** Events that must end in the dead letters, a different breakage for each number. */
export function malformedEvent(kind, id) {
  switch (kind % 5) {
    case 0:
      return encode([flagsAt(1)]); // no data
    case 1:
      return encode([struct(1, struct(1, struct(2, i64(1, id))))]); // a create without a tweet
    case 2:
      return createEvent({ id, author: 7, createdAt: 1 }).subarray(0, 25); // cut off
    case 3:
      return createEvent({ id: -5, author: 7, createdAt: 1700000000 }); // an id that can't be
    default:
      return Buffer.from('{"not":"thrift"}');
  }
}
