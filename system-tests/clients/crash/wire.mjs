// Packed records and protobuf events, read and written without any code of ours.
import protobuf from 'protobufjs';

/** The events of a Kafka message: one if it is plain, as many as there are if it is packed. */
export function unpack({ value, headers }) {
  if (!headers?.['thunderhead-pack']) return [value];
  const body = value.subarray(0, value.length - 4);
  if (crc32c(body) !== value.readUInt32BE(value.length - 4)) throw new Error('a bad checksum');
  const reader = protobuf.Reader.create(body);
  const events = [];
  for (let left = reader.uint32(); left > 0; left--) events.push(Buffer.from(reader.bytes()));
  if (reader.pos !== reader.len) throw new Error('bytes behind the last event');
  return events;
}

export function schema(...files) {
  const root = new protobuf.Root();
  root.loadSync(files, { keepCase: true });
  return (name) => root.lookupType(`thunderhead.v1.${name}`);
}

export const PLAIN = { longs: String, enums: String, defaults: true };

const TABLE = Array.from({ length: 256 }, (_, n) => {
  let crc = n;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  return crc >>> 0;
});

function crc32c(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ TABLE[(crc ^ byte) & 0xff];
  return (crc ^ 0xffffffff) >>> 0;
}
